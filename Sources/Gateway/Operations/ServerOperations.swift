import AgentRuntime
import HTTPTypes

extension APIOperation {
    /// The routes that are about the server.
    static let operations = [page, readHealth, readReadiness, readMetrics, readDescription]

    static let page = APIOperation("page", .get, "/", "The chat page.", answers: [.text("text/html", "The page.")])

    static let readHealth = APIOperation("readHealth", .get, "/healthz", "Whether the process is alive.", answers: [.json(.health, "It is.")])

    static let readReadiness = APIOperation(
        "readReadiness", .get, "/readyz", "Whether requests are taken.",
        answers: [.json(.health, "They are."), .json(.health, "They are not; `failing` says why.", status: .serviceUnavailable)])

    static let readMetrics = APIOperation(
        "readMetrics", .get, "/metrics",
        "What the process has counted, for Prometheus. With the operator's bearer token; where none is set, from the machine itself only.",
        answers: [.text("text/plain", "The figures, in Prometheus' text format.")], problems: [.notFound])

    static let readDescription = APIOperation(
        "readDescription", .get, "/openapi.json", "This description.", answers: [.json(.description, "The description.")])
}

extension APISchema {
    static let health = APISchema(
        "Health", ["status": choice(["ok", "unavailable"]), "failing": array(of: string)], optional: ["failing"])

    static let description = APISchema("Description", json: ["type": "object", "required": ["openapi", "info", "paths"]])

    /// https://www.rfc-editor.org/rfc/rfc9457
    static let problem = APISchema(
        "Problem",
        json: [
            "type": "object",
            "properties": [
                "type": choice(Problem.Kind.allCases.map(\.type)), "title": string, "status": ["type": "integer"], "detail": string,
                "instance": ["type": "string", "description": "The request's id."],
                "errors": array(of: object(["path": string, "message": string])),
                "scope": ["type": "string", "description": "Of an API token that lacks it: which."],
                "run_id": ["type": "string", "description": "Of a conflict with a run: which."],
            ],
            "required": ["type", "title", "status", "detail", "instance"],
        ])
}
