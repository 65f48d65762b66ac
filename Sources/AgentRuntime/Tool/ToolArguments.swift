/// The arguments of one tool type, read from its declarations once.
struct ToolArguments: Sendable {
    private let fields: [Field]

    private struct Field: Sendable {
        let property: String
        let wireName: String
        let declaration: ArgumentDeclaration
    }

    init<T: Tool>(of type: T.Type) {
        fields = Mirror(reflecting: T()).children.compactMap { child in
            guard let label = child.label, label.hasPrefix("_"), let declaration = (child.value as? any DeclaresArgument)?.declaration else {
                return nil
            }
            let property = String(label.dropFirst())
            return Field(property: property, wireName: snakeCase(property), declaration: declaration)
        }
    }

    /// A closed object in which every property is required, as strict mode wants it.
    var json: JSONValue {
        var properties: [String: JSONValue] = [:]
        for field in fields {
            guard case .object(var members) = field.declaration.schema.json else { continue }
            members["description"] = .string(description(of: field))
            properties[field.wireName] = .object(members)
        }
        return [
            "type": "object",
            "properties": .object(properties),
            "required": .array(fields.map { .string($0.wireName) }),
            "additionalProperties": false,
        ]
    }

    /// Checks the model's text and makes the tool from it. Throws `ToolFailure` that names the argument, what was expected and what came.
    func decode<T: Tool>(_ type: T.Type, from text: String) throws -> T {
        let sent = try members(of: text)
        if let unknown = sent.keys.sorted().first(where: { key in !fields.contains { $0.wireName == key } }) {
            throw ToolFailure("\(T.name) has no argument '\(unknown.prefix(60))'. \(known)", isAboutArguments: true)
        }
        var checked: [String: JSONValue] = [:]
        for field in fields {
            let value = sent[field.wireName] ?? .null
            let schema = field.declaration.schema
            if value.isNull, !schema.isOptional {
                throw ToolFailure("Argument '\(field.wireName)' of \(T.name) is missing: expected \(schema.expectation).", isAboutArguments: true)
            }
            if let mismatch = schema.mismatch(with: value) {
                throw ToolFailure(
                    "Argument '\(field.wireName)' of \(T.name) is not valid: expected \(schema.expectation), got \(mismatch).",
                    isAboutArguments: true)
            }
            if !value.isNull { checked[field.property] = value }
        }
        return try JSONValue.object(checked).decode(as: type)
    }

    private func members(of text: String) throws -> [String: JSONValue] {
        if text.utf8.allSatisfy({ $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\n") }) { return [:] }
        guard let json = try? JSONValue(json: text) else {
            throw ToolFailure("The arguments are not valid JSON: send one JSON object.", isAboutArguments: true)
        }
        guard let members = json.object else {
            throw ToolFailure("The arguments must be one JSON object, got \(json.kind).", isAboutArguments: true)
        }
        return members
    }

    private var known: String {
        fields.isEmpty ? "It takes none." : "It takes " + fields.map(\.wireName).joined(separator: ", ") + "."
    }

    /// Says in words the limits that the schema cannot carry in strict mode.
    private func description(of field: Field) -> String {
        let schema = field.declaration.schema
        let inner = if case .optional(let wrapped) = schema { wrapped } else { schema }
        return if case .string(_?) = inner { "\(field.declaration.description) (\(inner.expectation))" } else { field.declaration.description }
    }
}
