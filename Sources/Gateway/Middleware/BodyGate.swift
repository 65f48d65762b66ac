import HTTPTypes
import Hummingbird
import NIOCore

/// Reads every body whole before a handler sees it: JSON only, up to a size, and within a time, however slowly its bytes come.
struct BodyGate: RouterMiddleware {
    typealias Context = GatewayRequestContext

    struct Limit: Sendable {
        let bytes: Int
        let time: Duration

        static let standard = Limit(bytes: 16 * 1_024, time: .seconds(15))
        static let message = Limit(bytes: 256 * 1_024, time: .seconds(30))
    }

    /// The last component of the paths that take a message for the assistant.
    static let messagePaths: Set<Substring> = ["chat", "edit", "chatkit", "completions", "responses", "mcp"]

    private let clock: any Clock<Duration>

    init(clock: any Clock<Duration> = ContinuousClock()) {
        self.clock = clock
    }

    func handle(_ request: Request, context: Context, next: (Request, Context) async throws -> Response) async throws -> Response {
        guard try Self.hasBody(request) else { return try await next(request, context) }
        let limit = request.pathComponents.last.map { Self.messagePaths.contains($0) } ?? false ? Limit.message : .standard
        try Self.checkType(of: request)
        if let length = request.headers[.contentLength].flatMap({ Int($0) }), length > limit.bytes { throw Self.tooLarge(limit) }
        var request = request
        let body = try await collect(request.body, limit)
        if body.readableBytes > 0, !request.headers.contains(.contentType) { throw Self.wrongType }
        request.body = RequestBody(buffer: body)
        return try await next(request, context)
    }

    private static let wrongType = Problem(.unsupportedMediaType, "Send the body as application/json, in UTF-8 and not compressed.")

    /// For chunks that are none, and a client that has gone.
    private static let unreadable = Problem(.malformedRequest, "The body cannot be read to its end.")

    private static func tooLarge(_ limit: Limit) -> Problem {
        Problem(.contentTooLarge, "The body may have at most \(limit.bytes) bytes here.")
    }

    /// Over HTTP/2 only the end of the stream tells, so a request that may have a body is taken to have one.
    private static func hasBody(_ request: Request) throws -> Bool {
        if request.headers.contains(.transferEncoding) { return true }
        guard let length = request.headers[.contentLength] else { return !request.isSafe }
        return length != "0"
    }

    /// Before anything is read. A body that has no type is refused once it proves to be there.
    private static func checkType(of request: Request) throws(Problem) {
        let encoding = request.headers[.contentEncoding] ?? "identity"
        guard encoding.lowercased() == "identity" else { throw wrongType }
        guard let type = request.headers[.contentType] else {
            guard !request.headers.contains(.contentLength), !request.headers.contains(.transferEncoding) else { throw wrongType }
            return
        }
        let parts = type.lowercased().split(separator: ";").map { part in part.filter { $0 != " " && $0 != "\t" && $0 != "\"" } }
        guard parts.first == "application/json", parts.dropFirst().allSatisfy({ $0 == "charset=utf-8" }) else { throw wrongType }
    }

    private func collect(_ body: RequestBody, _ limit: Limit) async throws -> ByteBuffer {
        let read: ByteBuffer? = try await withThrowingTaskGroup(of: ByteBuffer?.self) { group in
            group.addTask {
                do {
                    return try await body.collect(upTo: limit.bytes)
                } catch is NIOTooManyBytesError {
                    throw Self.tooLarge(limit)
                } catch let error as CancellationError {
                    throw error
                } catch {
                    throw Self.unreadable
                }
            }
            group.addTask { [clock] in
                try await clock.sleep(for: limit.time)
                return nil
            }
            defer { group.cancelAll() }
            return try await group.next() ?? nil
        }
        guard let read else { throw Problem(.timeout, "The body did not arrive within \(limit.time.components.seconds) seconds.") }
        return read
    }
}
