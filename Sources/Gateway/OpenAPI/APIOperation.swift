import AgentRuntime
import HTTPTypes
import Persistence

/// One route in the words of OpenAPI: what it takes, and everything that it may answer. Routes are served by it and described by it.
///
/// https://spec.openapis.org/oas/v3.1.1#operation-object
struct APIOperation: Sendable {
    let id: String
    let method: HTTPRequest.Method
    /// From the root, with parameters in braces.
    let path: String
    let summary: String
    var access = Access.open
    /// What an API token must be good for to be taken in place of a session; nil where none is.
    var scope: APIScope?
    var parameters: [APIParameter] = []
    /// The JSON that it takes; nil for none.
    var body: APISchema?
    let answers: [APIAnswer]
    /// Problems of its own, beside those that follow from what it takes.
    var problems: Set<Problem.Kind> = []

    /// Who may ask.
    enum Access: Sendable {
        case open
        /// With an access token in its cookie.
        case signedIn
        /// With a refresh token in its cookie.
        case refresh
    }

    init(
        _ id: String,
        _ method: HTTPRequest.Method,
        _ path: String,
        _ summary: String,
        access: Access = .open,
        scope: APIScope? = nil,
        parameters: [APIParameter] = [],
        body: APISchema? = nil,
        answers: [APIAnswer],
        problems: Set<Problem.Kind> = []
    ) {
        self.id = id
        self.method = method
        self.path = path
        self.summary = summary
        self.access = scope == nil ? access : .signedIn
        self.scope = scope
        self.parameters = parameters
        self.body = body
        self.answers = answers
        self.problems = problems
    }

    /// The same, for signed-in people.
    func signedIn() -> APIOperation {
        var copy = self
        copy.access = .signedIn
        return copy
    }
}

extension APIOperation {
    /// Every problem that it may answer with.
    var allProblems: Set<Problem.Kind> {
        var kinds = problems.union(Self.problemsOfEveryRequest)
        if access != .open { kinds.insert(.notSignedIn) }
        if scope != nil { kinds.insert(.missingScope) }
        if ![.get, .head].contains(method) { kinds.insert(.notAllowed) }
        if body != nil || parameters.contains(where: { $0.place == .query }) { kinds.insert(.invalid) }
        if parameters.contains(where: { $0.place == .path }) { kinds.insert(.notFound) }
        return kinds
    }

    /// Those of the middleware that stands before every route.
    static let problemsOfEveryRequest: Set<Problem.Kind> = [
        .malformedRequest, .timeout, .contentTooLarge, .unsupportedMediaType, .misdirected, .internalError, .unavailable,
    ]
}
