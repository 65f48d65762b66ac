import AgentRuntime
import HTTPTypes
import Persistence

/// The description of the API at `/openapi.json`: https://spec.openapis.org/oas/v3.1.1
struct OpenAPIDocument: Sendable {
    let json: JSONValue

    init(of configuration: GatewayConfiguration) {
        let paths = Dictionary(grouping: APIOperation.all, by: \.path).mapValues { operations in
            JSONValue.object(Dictionary(operations.map { ($0.method.rawValue.lowercased(), $0.json) }) { first, _ in first })
        }
        json = [
            "openapi": "3.1.1",
            "info": ["title": "agent", "version": "1", "description": .string(Self.introduction)],
            "servers": [["url": .string(configuration.publicURL.origin)]],
            "paths": .object(paths),
            "components": [
                "schemas": .object(Dictionary(APISchema.all.map { ($0.name, $0.json) }) { first, _ in first }),
                "responses": .object(Dictionary(Problem.Kind.allCases.map { ($0.rawValue, $0.answer) }) { first, _ in first }),
                "securitySchemes": [
                    "session": Self.cookie(configuration.cookies.accessName, "The access token, at most 15 minutes old."),
                    "token": [
                        "type": "http", "scheme": "bearer", "description": "An API token of `/api/tokens`, with the scope that the route names.",
                    ],
                    "refresh": Self.cookie(configuration.cookies.refreshName, "What `/api/auth/refresh` makes a new access token of."),
                ],
            ],
        ]
    }

    private static let introduction = """
        Conversations with an assistant that acts for the signed-in person, and the person's todos.

        The tokens of a session travel in cookies only. A request that changes something and carries cookies needs an `Origin` of this server or of \
        an allowed page. A program sends an API token instead, as `Authorization: Bearer`, where a route names a scope; it needs no `Origin`, and \
        together with the cookies of a session it is refused. \
        Every answer has its id in `X-Request-ID`. A path with another method than those listed is 405 with `Allow`, and every GET also answers HEAD. \
        Beyond the paths here only the files of the page at `/` are served.
        """

    private static func cookie(_ name: String, _ summary: String) -> JSONValue {
        ["type": "apiKey", "in": "cookie", "name": .string(name), "description": .string(summary)]
    }
}

extension APIOperation {
    fileprivate var json: JSONValue {
        var members: [String: JSONValue] = [
            "operationId": .string(id), "summary": .string(summary), "tags": [.string(tag)], "responses": .object(responses), "security": security,
        ]
        if !parameters.isEmpty { members["parameters"] = .array(parameters.map(\.json)) }
        if let body { members["requestBody"] = ["required": true, "content": ["application/json": ["schema": body.reference]]] }
        return .object(members)
    }

    /// The part of the path that says what the route is about.
    private var tag: String {
        let parts = path.split(separator: "/")
        return parts.first == "api" && parts.count > 1 ? String(parts[1]) : "operations"
    }

    private var security: JSONValue {
        switch access {
        case .open: []
        case .signedIn: .array([["session": []]] + (scope.map { [["token": [.string($0.rawValue)]]] } ?? []))
        case .refresh: [["refresh": []]]
        }
    }

    private var responses: [String: JSONValue] {
        let problems = allProblems.map { (String($0.status.code), $0.reference) }
        return Dictionary(problems + answers.map { (String($0.status.code), $0.json) }) { _, answer in answer }
    }
}

extension Problem.Kind {
    fileprivate var reference: JSONValue { ["$ref": .string("#/components/responses/\(rawValue)")] }

    fileprivate var answer: JSONValue {
        var members: [String: JSONValue] = [
            "description": .string(title), "content": ["application/problem+json": ["schema": APISchema.problem.reference]],
        ]
        if let header { members["headers"] = [header: ["schema": APISchema.string]] }
        return .object(members)
    }

    private var header: String? {
        switch self {
        case .notSignedIn, .missingScope: "WWW-Authenticate"
        case .methodNotAllowed: "Allow"
        case .tooManyRequests, .unavailable: "Retry-After"
        default: nil
        }
    }
}
