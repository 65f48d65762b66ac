/// Turns a JSON Schema into one that strict mode takes: https://platform.openai.com/docs/guides/structured-outputs#supported-schemas
///
/// Objects are closed and all their properties required, `oneOf` becomes `anyOf`, a single `allOf` is merged, a `$ref` with a
/// description is replaced by what it points to. What cannot be made strict is refused, never silently changed in meaning.
public struct StrictSchema {
    /// How deep a schema may be nested.
    public static let maximumDepth = 100
    /// How many schemas it may hold, those that references bring in included.
    public static let maximumNodes = 100_000

    private let root: JSONValue
    private var nodes = 0

    /// The strict form of a schema whose root is an object; `{}` is an object without properties.
    public static func of(_ schema: JSONValue) throws(SchemaError) -> JSONValue {
        if schema == [:] { return closed([:], required: []) }
        guard schema.object != nil else { throw SchemaError("a schema is an object") }
        var conversion = StrictSchema(root: schema)
        let strict = try conversion.converted(schema, at: "#", depth: 0, expanding: [])
        guard strict["type"] == "object" else { throw SchemaError("#: the root must be of the type object, and of no other") }
        return strict
    }

    /// Whether the root is an object and nothing else.
    static func isObject(_ schema: JSONValue) -> Bool {
        var place = schema
        var seen: Set<String> = []
        while let reference = place["$ref"]?.string, seen.insert(reference).inserted {
            guard let target = SchemaReference.target(of: reference, in: schema) else { return true }
            place = target
        }
        if place == [:] { return true }
        guard place["anyOf"] == nil, place["oneOf"] == nil else { return false }
        if let type = place["type"] { return type == "object" }
        if let only = place["allOf"]?.array?.first { return isObject(only) || only["$ref"] != nil }
        return place["properties"] != nil
    }

    private init(root: JSONValue) {
        self.root = root
    }

    private mutating func converted(_ schema: JSONValue, at path: String, depth: Int, expanding: Set<String>) throws(SchemaError) -> JSONValue {
        nodes += 1
        guard depth <= StrictSchema.maximumDepth else { throw SchemaError("\(path): nested deeper than \(StrictSchema.maximumDepth)") }
        guard nodes <= StrictSchema.maximumNodes else { throw SchemaError("more than \(StrictSchema.maximumNodes) schemas in one") }
        guard let given = schema.object else {
            if schema.bool != nil { return schema }
            throw SchemaError("\(path): a schema is an object")
        }
        var expanding = expanding
        var members = try merged(given, at: path, expanding: &expanding)
        if members["default"]?.isNull == true { members["default"] = nil }
        if let alternatives = members.removeValue(forKey: "oneOf")?.array {
            members["anyOf"] = .array((members["anyOf"]?.array ?? []) + alternatives)
        }
        try close(&members, at: path)
        for key in ["$defs", "definitions", "properties"] {
            guard let named = members[key]?.object else { continue }
            var strict: [String: JSONValue] = [:]
            for (name, schema) in named.sorted(by: { $0.key < $1.key }) {
                strict[name] = try converted(
                    schema, at: "\(path)/\(key)/\(name)", depth: depth + 1, expanding: key == "properties" ? expanding : [])
            }
            members[key] = .object(strict)
        }
        for key in ["anyOf", "allOf", "prefixItems"] {
            guard let list = members[key]?.array else { continue }
            var strict: [JSONValue] = []
            for (index, schema) in list.enumerated() {
                strict.append(try converted(schema, at: "\(path)/\(key)/\(index)", depth: depth + 1, expanding: expanding))
            }
            members[key] = .array(strict)
        }
        if let items = members["items"], items.object != nil {
            members["items"] = try converted(items, at: "\(path)/items", depth: depth + 1, expanding: expanding)
        }
        return .object(members)
    }

    /// The members with a single `allOf` and a described `$ref` replaced by what they stand for.
    private func merged(_ given: [String: JSONValue], at path: String, expanding: inout Set<String>) throws(SchemaError) -> [String: JSONValue] {
        var members = given
        while true {
            if let parts = members["allOf"]?.array, parts.count == 1, let only = parts[0].object {
                members["allOf"] = nil
                try merge(only, into: &members, at: path)
            } else if let reference = members["$ref"]?.string {
                guard let target = SchemaReference.target(of: reference, in: root)?.object else {
                    throw SchemaError("\(path): '\(reference)' points to no schema")
                }
                if members.count == 1 { return members }
                let constraining = members.keys.filter { $0 != "$ref" && !StrictSchema.annotations.contains($0) }.sorted()
                guard constraining.isEmpty else {
                    throw SchemaError("\(path): beside '$ref' there may be no '\(constraining.joined(separator: "', '"))'")
                }
                guard expanding.insert(reference).inserted else { throw SchemaError("\(path): '\(reference)' leads back to itself") }
                members["$ref"] = nil
                try merge(target, into: &members, at: path)
            } else {
                return members
            }
        }
    }

    /// Annotations of the outer schema win; the same constraint with two values is refused.
    private func merge(_ inner: [String: JSONValue], into outer: inout [String: JSONValue], at path: String) throws(SchemaError) {
        for (key, value) in inner {
            guard let present = outer[key], present != value else { outer[key] = value; continue }
            if !StrictSchema.annotations.contains(key) { throw SchemaError("\(path): '\(key)' is said twice, and differently") }
        }
    }

    private func close(_ members: inout [String: JSONValue], at path: String) throws(SchemaError) {
        if members["type"] == nil, members["properties"] != nil { members["type"] = "object" }
        let isObject = members["type"] == "object" || members["type"]?.array?.contains("object") == true
        guard isObject else { return }
        guard members["additionalProperties"] ?? false == false, members["patternProperties"] == nil else {
            throw SchemaError("\(path): an object of a strict schema must not allow further properties")
        }
        let properties = members["properties"]?.object ?? [:]
        let named = members["required"]?.array?.compactMap(\.string).filter { properties[$0] != nil } ?? []
        let required = named + properties.keys.filter { !named.contains($0) }.sorted()
        members =
            StrictSchema.closed(members.merging(["properties": .object(properties)]) { $1 }.filter { $0.key != "required" }, required: required)
            .object ?? members
    }

    private static func closed(_ members: [String: JSONValue], required: [String]) -> JSONValue {
        let closing: [String: JSONValue] = ["additionalProperties": false, "required": .array(required.map(JSONValue.string))]
        let whole: [String: JSONValue] = ["type": "object", "properties": [:]]
        return .object(whole.merging(members) { $1 }.merging(closing) { $1 })
    }

    /// What says something about a schema and forbids no value.
    private static let annotations: Set = [
        "title", "description", "default", "examples", "deprecated", "$comment", "$defs", "definitions", "$schema", "$id",
    ]
}
