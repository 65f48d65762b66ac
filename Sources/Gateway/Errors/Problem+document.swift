import AgentRuntime
import FoundationEssentials
import HTTPTypes
import Hummingbird
import NIOCore

extension Problem {
    /// The answer itself.
    /// - Parameter instance: The request's id.
    func response(instance: String) -> Response {
        let data = document(instance: instance).data
        var headers = headers
        headers[.contentType] = "application/problem+json"
        return Response(status: status, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: data)))
    }

    func document(instance: String) -> JSONValue {
        var document = members
        document["type"] = .string(kind.type)
        document["title"] = .string(kind.title)
        document["status"] = .integer(status.code)
        document["detail"] = .string(detail)
        document["instance"] = .string(instance)
        if !errors.isEmpty {
            document["errors"] = .array(errors.map { ["path": .string($0.path), "message": .string($0.message)] })
        }
        return .object(document)
    }
}
