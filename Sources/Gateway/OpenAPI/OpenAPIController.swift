import AgentRuntime
import HTTPTypes
import Hummingbird
import NIOCore

/// `/openapi.json`.
struct OpenAPIController: Sendable {
    private let body: ByteBuffer

    init(_ configuration: GatewayConfiguration) {
        body = ByteBuffer(string: OpenAPIDocument(of: configuration).json.text)
    }

    func addRoutes<Context: RequestContext>(to router: some RouterMethods<Context>) {
        router.on(.readDescription) { _, _ in
            Response(
                status: .ok, headers: [.contentType: "application/json", .cacheControl: "no-cache"], body: ResponseBody(byteBuffer: body))
        }
    }
}

extension RouterMethods {
    /// Serves a route that is described.
    @discardableResult
    func on<Answer: ResponseGenerator>(
        _ operation: APIOperation,
        use handler: @Sendable @escaping (Request, Context) async throws -> Answer
    ) -> Self {
        on(RouterPath(stringLiteral: operation.path), method: operation.method, use: handler)
    }
}
