import AgentRuntime

/// A JSON Schema under a name: https://json-schema.org/draft/2020-12
struct APISchema: Sendable {
    let name: String
    let json: JSONValue

    /// What stands for it wherever it is used.
    var reference: JSONValue { ["$ref": .string("#/components/schemas/\(name)")] }

    /// - Parameter members: Those of one JSON object, which has no others.
    init(_ name: String, _ members: [String: JSONValue], optional: Set<String> = []) {
        self.init(name, json: Self.object(members, optional: optional))
    }

    init(_ name: String, json: JSONValue) {
        self.name = name
        self.json = json
    }

    /// What `WholeList` encodes.
    static func wholeList(_ name: String, of element: APISchema) -> APISchema {
        APISchema(name, ["data": array(of: element.reference), "has_more": ["const": false]])
    }

    /// A part of a list.
    static func list(_ name: String, of element: APISchema, after cursor: JSONValue) -> APISchema {
        let members: [String: JSONValue] = ["data": array(of: element.reference), "has_more": boolean, "after": cursor]
        return APISchema(name, members, optional: ["after"])
    }
}

extension APISchema {
    static let boolean: JSONValue = ["type": "boolean"]
    static let count: JSONValue = ["type": "integer", "minimum": 0]
    static let string: JSONValue = ["type": "string"]
    static let instant: JSONValue = ["type": "string", "format": "date-time"]
    static let day: JSONValue = ["type": "string", "format": "date"]

    /// - Parameter length: In code points, as JSON Schema counts.
    static func text(_ length: ClosedRange<Int>, _ pattern: TextPattern = .anything) -> JSONValue {
        [
            "type": "string", "minLength": .integer(length.lowerBound), "maxLength": .integer(length.upperBound),
            "pattern": .string(pattern.rawValue),
        ]
    }

    /// What a text may hold, as a regular expression of ECMA-262. Its `\s` is not Unicode's White_Space, so that is written out:
    /// https://www.unicode.org/Public/UCD/latest/ucd/PropList.txt
    enum TextPattern: String {
        /// U+0000 is the one character that is never taken.
        case anything = #"^[^\u0000]*$"#
        case notBlank =
            #"^[^\u0000]*[^\u0000\u0009-\u000D\u0020\u0085\u00A0\u1680\u2000-\u200A\u2028\u2029\u202F\u205F\u3000][^\u0000]*$"#
        /// Without control characters, and not blank.
        case line =
            #"^[^\u0000-\u001F\u007F-\u009F]*[^\u0000-\u0020\u007F-\u00A0\u1680\u2000-\u200A\u2028\u2029\u202F\u205F\u3000][^\u0000-\u001F\u007F-\u009F]*$"#
    }

    static func choice(_ values: [String]) -> JSONValue {
        ["type": "string", "enum": .array(values.map(JSONValue.string))]
    }

    static func array(of element: JSONValue) -> JSONValue {
        ["type": "array", "items": element]
    }

    static func nullable(_ schema: JSONValue) -> JSONValue {
        ["anyOf": [schema, ["type": "null"]]]
    }

    static func object(_ members: [String: JSONValue], optional: Set<String> = []) -> JSONValue {
        let required = members.keys.filter { !optional.contains($0) }.sorted().map(JSONValue.string)
        return ["type": "object", "properties": .object(members), "required": .array(required), "additionalProperties": false]
    }
}
