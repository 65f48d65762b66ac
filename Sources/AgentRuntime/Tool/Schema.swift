/// The shape of an argument: it tells the model what to send, and checks what came.
public indirect enum Schema: Sendable, Hashable {
    /// Lengths count code points.
    case string(length: ClosedRange<Int>? = nil)
    case integer(range: ClosedRange<Int>? = nil)
    case number
    case boolean
    case day
    case choice([String])
    case array(of: Schema, count: ClosedRange<Int>? = nil)
    case optional(Schema)
}

extension Schema {
    public var isOptional: Bool {
        if case .optional = self { true } else { false }
    }

    /// JSON Schema within the subset that strict mode takes: https://platform.openai.com/docs/guides/structured-outputs#supported-schemas
    ///
    /// Lengths are not in that subset; they are said in words by `expectation`.
    public var json: JSONValue {
        switch self {
        case .string: ["type": "string"]
        case .integer(nil): ["type": "integer"]
        case .integer(let range?): ["type": "integer", "minimum": .integer(range.lowerBound), "maximum": .integer(range.upperBound)]
        case .number: ["type": "number"]
        case .boolean: ["type": "boolean"]
        case .day: ["type": "string", "format": "date"]
        case .choice(let names): ["type": "string", "enum": .array(names.map(JSONValue.string))]
        case .array(let element, let count): Schema.array(element.json, count: count)
        case .optional(let wrapped): Schema.nullable(wrapped.json)
        }
    }

    /// What is expected, as the end of a sentence: "a text of 1 to 200 characters".
    public var expectation: String {
        switch self {
        case .string(nil): "a text"
        case .string(let length?): "a text of \(length.lowerBound) to \(length.upperBound) characters"
        case .integer(nil): "an integer"
        case .integer(let range?): "an integer from \(range.lowerBound) to \(range.upperBound)"
        case .number: "a number"
        case .boolean: "true or false"
        case .day: "a day written YYYY-MM-DD"
        case .choice(let names): "one of " + names.joined(separator: ", ")
        case .array(let element, nil): "a list, each \(element.expectation)"
        case .array(let element, let count?): "a list of \(count.lowerBound) to \(count.upperBound), each \(element.expectation)"
        case .optional(let wrapped): "\(wrapped.expectation), or null"
        }
    }

    /// Nil when `value` fits; otherwise what came instead, as the end of a sentence.
    public func mismatch(with value: JSONValue) -> String? {
        switch (self, value) {
        case (.optional(let wrapped), _): value.isNull ? nil : wrapped.mismatch(with: value)
        case (.string(nil), .string), (.number, .number), (.number, .integer), (.boolean, .bool): nil
        case (.string(let length?), .string(let text)): length.contains(text.unicodeScalars.count) ? nil : "\(text.unicodeScalars.count) characters"
        case (.integer(let range), _): integerMismatch(with: value, in: range)
        case (.day, .string(let text)): Day(text) == nil ? Schema.quoted(text) : nil
        case (.choice(let names), .string(let text)): names.contains(where: { $0.utf8.elementsEqual(text.utf8) }) ? nil : Schema.quoted(text)
        case (.array(let element, let count), .array(let values)):
            if let count, !count.contains(values.count) { "\(values.count) elements" } else { values.lazy.compactMap(element.mismatch).first }
        default: value.kind
        }
    }

    private func integerMismatch(with value: JSONValue, in range: ClosedRange<Int>?) -> String? {
        guard let integer = value.integer else { return value.kind }
        guard let range, !range.contains(integer) else { return nil }
        return String(integer)
    }

    private static func array(_ element: JSONValue, count: ClosedRange<Int>?) -> JSONValue {
        var members: [String: JSONValue] = ["type": "array", "items": element]
        if let count {
            members["minItems"] = .integer(count.lowerBound)
            members["maxItems"] = .integer(count.upperBound)
        }
        return .object(members)
    }

    private static func nullable(_ schema: JSONValue) -> JSONValue {
        guard case .object(var members) = schema, let type = members["type"] else { return schema }
        members["type"] = [type, "null"]
        if case .array(let names)? = members["enum"] { members["enum"] = .array(names + [.null]) }
        return .object(members)
    }

    private static func quoted(_ text: String) -> String {
        text.unicodeScalars.count <= 60 ? "\"\(text)\"" : "\"\(String(text.unicodeScalars.prefix(60)))…\""
    }
}
