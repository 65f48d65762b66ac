import AgentRuntime
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import Synchronization

/// A model server that answers by a script, and a collector of traces, on one free port of loopback; it keeps what it is sent.
final class ScriptedServer: Sendable {
    /// What came, as far as tests ask.
    struct Received: Sendable {
        let path: String
        let headers: HTTPFields
        let body: String

        var json: JSONValue { (try? JSONValue(json: body)) ?? .null }
        subscript(header: String) -> String? { HTTPField.Name(header).flatMap { headers[$0] } }
    }

    private let kept = Mutex<(received: [Received], answered: Int)>(([], 0))
    private let answers: [JSONValue]
    private let traceStatus: Int

    private init(_ answers: [JSONValue], traceStatus: Int) {
        self.answers = answers
        self.traceStatus = traceStatus
    }

    /// Serves while `body` runs with the server and its address.
    static func serving<Output: Sendable>(
        _ answers: [JSONValue],
        traceStatus: Int = 200,
        _ body: (ScriptedServer, String) async throws -> Output
    ) async throws -> Output {
        let server = ScriptedServer(answers, traceStatus: traceStatus)
        let (ports, port) = AsyncStream<Int>.makeStream()
        let application = Application(
            responder: CallbackResponder<BasicRequestContext> { request, _ in try await server.answer(request) },
            configuration: ApplicationConfiguration(address: .hostname("127.0.0.1", port: 0)),
            onServerRunning: { port.yield($0.localAddress?.port ?? 0) },
            logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
        )
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await application.runService(gracefulShutdownSignals: []) }
            defer { group.cancelAll() }
            for await port in ports { return try await body(server, "http://127.0.0.1:\(port)") }
            throw CancellationError()
        }
    }

    func received(_ path: String) -> [Received] { kept.withLock { $0.received.filter { $0.path == path } } }

    private func answer(_ request: Request) async throws -> Response {
        let body = try await request.body.collect(upTo: 16 * 1_048_576)
        let isModel = request.uri.path.hasSuffix("/chat/completions")
        let place = kept.withLock { kept in
            kept.received.append(Received(path: request.uri.path, headers: request.headers, body: String(buffer: body)))
            if isModel { kept.answered += 1 }
            return kept.answered - 1
        }
        guard isModel else { return Response(status: HTTPResponse.Status(code: traceStatus)) }
        guard answers.indices.contains(place) else { return Response(status: .badRequest) }
        return Response(
            status: .ok, headers: [.contentType: "application/json"], body: ResponseBody(byteBuffer: ByteBuffer(bytes: answers[place].bytes)))
    }
}

extension JSONValue {
    /// An answer of the chat completions API that says something.
    static func said(_ text: String) -> JSONValue {
        chat(["role": "assistant", "content": .string(text)], "stop")
    }

    /// One that calls a tool.
    static func called(_ name: String, _ arguments: JSONValue) -> JSONValue {
        let call: JSONValue = ["id": "call_1", "type": "function", "function": ["name": .string(name), "arguments": .string(arguments.text)]]
        return chat(["role": "assistant", "content": nil, "tool_calls": [call]], "tool_calls")
    }

    private static func chat(_ message: JSONValue, _ reason: JSONValue) -> JSONValue {
        [
            "id": "c1", "object": "chat.completion", "model": "scripted", "choices": [["index": 0, "message": message, "finish_reason": reason]],
            "usage": ["prompt_tokens": 12, "completion_tokens": 5, "total_tokens": 17],
        ]
    }
}
