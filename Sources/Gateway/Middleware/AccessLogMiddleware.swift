import HTTPTypes
import Hummingbird
import Logging
import Synchronization

/// One line a request, in fields, once its answer has been sent: never the path as it was sent, a query string or a body.
struct AccessLogMiddleware: RouterMiddleware {
    typealias Context = GatewayRequestContext

    private static let methods: Set<HTTPRequest.Method> = [.get, .head, .post, .put, .patch, .delete, .options]

    var now: @Sendable () -> ContinuousClock.Instant = { ContinuousClock.now }

    func handle(_ request: Request, context: Context, next: (Request, Context) async throws -> Response) async throws -> Response {
        let start = now()
        var response = try await next(request, context)
        // A method that no route has may be any text, and so may a path.
        let method = Self.methods.contains(request.method) ? request.method.rawValue : "other"
        let route = context.route
        context.metrics.requests.count(route, method, "\(response.status.code / 100)xx")
        context.metrics.requestTimes.record(now() - start, route, method)
        let line = Line(context: context, method: method, route: route, status: response.status.code, start: start)
        if let length = response.body.contentLength {
            write(line, bytes: length)
        } else {
            response.body = counted(response.body) { write(line, bytes: $0) }
        }
        return response
    }

    private struct Line: Sendable {
        let context: Context
        let method: String
        let route: String
        let status: Int
        let start: ContinuousClock.Instant
    }

    private func write(_ line: Line, bytes: Int) {
        var fields: Logger.Metadata = [
            "method": .string(line.method), "route": .string(line.route), "status": .stringConvertible(line.status),
            "bytes": .stringConvertible(bytes), "milliseconds": .stringConvertible(Int((now() - line.start) / .milliseconds(1))),
        ]
        let (user, session) = line.context.trail.signedIn
        if let user { fields["user"] = .string(user) }
        if let session { fields["session"] = .string(session) }
        line.context.logger.info("request", metadata: fields)
    }

    /// The same body; at its end, or when its reader has left, somebody is told how long it was.
    private func counted(_ body: ResponseBody, then tell: @escaping @Sendable (Int) -> Void) -> ResponseBody {
        ResponseBody { writer in
            let bytes = ByteCount()
            defer { tell(bytes.value) }
            try await body.map { buffer in
                bytes.add(buffer.readableBytes)
                return buffer
            }.write(writer)
        }
    }
}

private final class ByteCount: Sendable {
    private let bytes = Mutex(0)

    var value: Int { bytes.withLock { $0 } }

    func add(_ count: Int) {
        bytes.withLock { $0 += count }
    }
}
