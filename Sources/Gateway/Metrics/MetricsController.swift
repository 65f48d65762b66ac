import HTTPTypes
import Hummingbird
import NIOCore

/// `/metrics`.
struct MetricsController: Sendable {
    let page: MetricsPage
    let access: MetricsAccess

    func addRoutes(to router: some RouterMethods<GatewayRequestContext>) {
        router.on(.readMetrics, use: read)
    }

    /// Who may not read it cannot tell that it is there.
    private func read(_ request: Request, _ context: GatewayRequestContext) throws -> Response {
        guard access.allows(request.headers, from: context.peer) else { throw Problem.notFound }
        return Response(
            status: .ok, headers: [.contentType: MetricsText.contentType, .cacheControl: "no-store"],
            body: ResponseBody(byteBuffer: ByteBuffer(string: page.text)))
    }
}
