import HTTPTypes
import Hummingbird
import Logging
import Persistence

/// Turns every error into a problem document; the cause of an internal error goes to the log and nowhere else.
struct ProblemMiddleware: RouterMiddleware {
    typealias Context = GatewayRequestContext

    func handle(_ request: Request, context: Context, next: (Request, Context) async throws -> Response) async throws -> Response {
        do {
            return try await next(request, context)
        } catch {
            let problem = problem(for: error, request, context)
            if problem.status.code >= 500 { context.logger.error("request failed", metadata: ["error": .string(Self.cause(of: error))]) }
            if problem.kind == .tooManyRequests {
                context.note(.rateLimited)
                context.metrics.rateLimited.count(context.route)
            }
            let response = problem.response(instance: context.requestID)
            return request.method == .head ? response.createHeadResponse() : response
        }
    }

    /// The router says the same for an unknown path and for an unknown method.
    private func problem(for error: any Error, _ request: Request, _ context: Context) -> Problem {
        let problem = Problem(error)
        guard problem.kind == .notFound, error is HTTPError else { return problem }
        let methods = context.routes.methods(of: request.uri.path)
        guard !methods.isEmpty, !methods.contains(request.method) else { return problem }
        let allowed = methods.map(\.rawValue).joined(separator: ", ")
        return Problem(.methodNotAllowed, "Here only \(allowed) can be used.").with(.allow, allowed)
    }

    /// Its type, and its words only where they are our own: the description of a foreign error may hold what a client or a model sent.
    private static func cause(of error: any Error) -> String {
        switch error {
        case let problem as Problem: problem.detail
        case let error as StoreError: "\(error)"
        default: String(reflecting: type(of: error))
        }
    }
}
