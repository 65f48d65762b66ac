import AgentRuntime

/// Something that a route takes beside its body.
struct APIParameter: Sendable {
    enum Place: String, Sendable {
        case path, query, header
    }

    let name: String
    let place: Place
    let schema: JSONValue
    let summary: String

    static func path(_ name: String, _ schema: JSONValue, _ summary: String) -> APIParameter {
        APIParameter(name: name, place: .path, schema: schema, summary: summary)
    }

    static func query(_ name: String, _ schema: JSONValue, _ summary: String) -> APIParameter {
        APIParameter(name: name, place: .query, schema: schema, summary: summary)
    }

    /// How many items of a list are asked for; above 100 counts as 100.
    static func limit(default standard: Int) -> APIParameter {
        query("limit", ["type": "integer", "minimum": 1, "default": .integer(standard)], "How many are asked for; over 100 counts as 100.")
    }

    static let idempotencyKey = APIParameter(
        name: "Idempotency-Key", place: .header, schema: ["type": "string", "pattern": "^[!-~]{1,255}$"],
        summary:
            """
            Makes it safe to send the same request again: the same key and body have the same answer for 24 hours. Adding a todo is a conflict while \
            the first is under way.
            """
    )

    var json: JSONValue {
        [
            "name": .string(name), "in": .string(place.rawValue), "required": .bool(place == .path), "schema": schema,
            "description": .string(summary),
        ]
    }
}
