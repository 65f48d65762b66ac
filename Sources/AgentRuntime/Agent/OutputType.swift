/// The shape that an agent's final output must have, for answers that programs read.
///
/// A value that is not an object travels under the key `response`, since providers take only objects at the root.
public struct OutputType: Sendable, Hashable {
    /// What the provider is asked for.
    public let format: OutputFormat
    /// Whether the model writes the value under the key `response`.
    public let isWrapped: Bool
    /// Whether a text stands for the number or truth value that it spells where one of these is due, and the other way round; false by default.
    public var coerces = false

    private static let key = "response"

    /// The shape that a JSON Schema says. Strict schemas are made so by `StrictSchema`.
    ///
    /// `pattern` and `format` are left to the provider; everything else that strict mode takes is checked here too.
    public static func json(_ schema: JSONValue, isStrict: Bool = true) throws(SchemaError) -> OutputType {
        guard schema.object != nil else { throw SchemaError("a schema is an object") }
        let isWrapped = !StrictSchema.isObject(schema)
        let whole = isWrapped ? try wrapped(schema) : schema
        let format = OutputFormat(schema: isStrict ? try StrictSchema.of(whole) : whole, isStrict: isStrict)
        return OutputType(format: format, isWrapped: isWrapped)
    }

    /// The shape of a type that knows its own schema; `RunResult.value(as:)` gives it.
    public static func of<Value: OutputValue>(_ type: Value.Type) throws(SchemaError) -> OutputType {
        try json(type.outputSchema)
    }

    /// The value that a model's text stands for, unwrapped. Unless the type coerces, `"1"` is no integer.
    public func value(of text: String) throws(SchemaMismatch) -> JSONValue {
        guard var json = try? JSONValue(json: text) else { throw SchemaMismatch(path: "", sentence: "it is not JSON") }
        if coerces { json = SchemaCoercion(root: format.schema).coerced(json) }
        try SchemaCheck(root: format.schema).check(json)
        return isWrapped ? json[OutputType.key] ?? .null : json
    }

    /// The text that a model would have written for a value.
    func text(of value: JSONValue) throws(SchemaMismatch) -> String {
        let json = isWrapped ? .object([OutputType.key: value]) : value
        try SchemaCheck(root: format.schema).check(json)
        return json.text
    }

    private static func wrapped(_ schema: JSONValue) throws(SchemaError) -> JSONValue {
        var inner = schema.object ?? [:]
        var outer: [String: JSONValue] = ["type": "object", "required": [.string(key)], "additionalProperties": false]
        for definitions in ["$defs", "definitions"] { outer[definitions] = inner.removeValue(forKey: definitions) }
        if JSONValue.object(inner).refers(to: "#") { throw SchemaError("a schema whose root is no object cannot refer to its root") }
        outer["properties"] = [key: .object(inner)]
        return .object(outer)
    }
}

/// A type that an agent can give as its output.
public protocol OutputValue: Decodable, Sendable {
    /// A JSON Schema that fits what the type decodes.
    static var outputSchema: JSONValue { get }
}

extension JSONValue {
    fileprivate func refers(to target: String) -> Bool {
        switch self {
        case .object(let members): members["$ref"]?.string == target || members.values.contains { $0.refers(to: target) }
        case .array(let values): values.contains { $0.refers(to: target) }
        default: false
        }
    }
}
