import AgentRuntime
import Testing

/// agents-sdk, strict schema.
@Suite(.timeLimit(.minutes(5))) struct StrictSchemaTests {
    private let closed: JSONValue = ["type": "object", "properties": [:], "required": [], "additionalProperties": false]

    private func mistake(_ schema: JSONValue) -> String? {
        do {
            _ = try StrictSchema.of(schema)
            return nil
        } catch {
            return error.description
        }
    }

    private func object(_ properties: JSONValue, _ more: [String: JSONValue] = [:]) -> JSONValue {
        .object(more.merging(["type": "object", "properties": properties]) { $1 })
    }

    @Test func s91_theEmptySchemaIsAClosedObject() throws {
        #expect(try StrictSchema.of([:]) == closed)
        #expect(try StrictSchema.of(["type": "object"]) == closed)
    }

    @Test func s92_openObjectsAreRefused() {
        #expect(mistake(["type": "object", "additionalProperties": true]) == "#: an object of a strict schema must not allow further properties")
        #expect(mistake(object(["a": ["type": "object", "additionalProperties": ["type": "string"]]]))?.hasPrefix("#/properties/a:") == true)
        #expect(mistake(["type": "object", "patternProperties": ["^a": [:]]]) != nil)
    }

    static let otherRoots: [JSONValue] = [
        ["type": ["object", "null"]], ["anyOf": [["type": "object"]]], ["type": "string"], ["oneOf": [["type": "object"]]],
    ]

    @Test(arguments: otherRoots)
    func s93_theRootIsAnObjectAndNothingElse(schema: JSONValue) {
        #expect(mistake(schema) == "#: the root must be of the type object, and of no other")
    }

    @Test func s94_propertiesMakeAnObject() throws {
        let strict = try StrictSchema.of(["properties": ["a": ["type": "string"], "b": ["properties": [:]]], "required": ["b"]])
        #expect(strict["type"] == "object")
        #expect(strict["required"] == ["b", "a"])
        #expect(strict["properties"]?["b"] == closed)
        #expect(strict["additionalProperties"] == false)
    }

    @Test func s95_chainedReferencesAreInlined() throws {
        let schema = object(
            ["a": ["$ref": "#/$defs/x", "description": "An a."], "b": ["$ref": "#/$defs/y"]],
            ["$defs": ["x": ["$ref": "#/$defs/y", "title": "X"], "y": ["type": "string", "description": "A y."]]])
        let properties = try StrictSchema.of(schema)["properties"]
        #expect(properties?["a"] == ["type": "string", "description": "An a.", "title": "X"])
        #expect(properties?["b"] == ["$ref": "#/$defs/y"])
    }

    @Test func s95_depthAndBombsAreRefused() {
        var deep: JSONValue = ["type": "string"]
        for _ in 0..<101 { deep = ["type": "array", "items": deep] }
        #expect(mistake(object(["a": deep]))?.contains("nested deeper than 100") == true)
        // Each level holds the one below ten times over.
        var definitions: [String: JSONValue] = ["d0": ["type": "string"]]
        for level in 1...6 {
            let below: JSONValue = ["$ref": "#/$defs/d\(level - 1)", "description": "x"]
            definitions["d\(level)"] = object(.object(Dictionary(uniqueKeysWithValues: (0..<10).map { ("p\($0)", below) })))
        }
        #expect(mistake(object(["a": ["$ref": "#/$defs/d6", "title": "x"]], ["$defs": .object(definitions)])) == "more than 100000 schemas in one")
        #expect(mistake(object(["a": ["$ref": "#/$defs/none"]])) == "#/properties/a: '#/$defs/none' points to no schema")
    }

    @Test func s96_aReferenceBesideAConstraintIsRefused() {
        let schema = object(["a": ["$ref": "#/$defs/x", "minLength": 2]], ["$defs": ["x": ["type": "string"]]])
        #expect(mistake(schema) == "#/properties/a: beside '$ref' there may be no 'minLength'")
    }

    @Test func s97_aSingleAllOfIsMerged() throws {
        let schema = object(
            ["a": ["allOf": [["$ref": "#/$defs/x"]], "description": "Mine."]], ["$defs": ["x": ["type": "string", "description": "X."]]])
        #expect(try StrictSchema.of(schema)["properties"]?["a"] == ["type": "string", "description": "Mine."])
        #expect(
            mistake(object(["a": ["type": "string", "allOf": [["type": "integer"]]]])) == "#/properties/a: 'type' is said twice, and differently")
        let circle = object(
            ["a": ["allOf": [["$ref": "#/$defs/x"]], "title": "A"]], ["$defs": ["x": ["allOf": [["$ref": "#/$defs/x"]], "title": "X"]]])
        #expect(mistake(circle)?.hasSuffix("leads back to itself") == true)
    }

    @Test func s98_oneOfBecomesAnyOf() throws {
        let schema = object(["a": ["anyOf": [["type": "null"]], "oneOf": [["type": "string"], ["properties": [:]]]]])
        #expect(try StrictSchema.of(schema)["properties"]?["a"] == ["anyOf": [["type": "null"], ["type": "string"], closed]])
    }

    @Test func s99_nullDefaultsAreRemoved() throws {
        let schema = object(["a": ["type": ["string", "null"], "default": nil], "b": ["type": "string", "default": "x"]])
        #expect(try StrictSchema.of(schema)["properties"] == ["a": ["type": ["string", "null"]], "b": ["type": "string", "default": "x"]])
    }

    @Test func s100_aStrictSchemaStaysAsItIs() throws {
        let node: JSONValue = ["$ref": "#/$defs/node"]
        let schema = object(["value": ["type": "integer"], "next": ["anyOf": [node, ["type": "null"]]]], ["title": "Node"])
        let strict = try StrictSchema.of(["$ref": "#/$defs/node", "$defs": ["node": schema]])
        #expect(try StrictSchema.of(strict) == strict)
        #expect(strict["$defs"]?["node"]?["required"] == ["next", "value"])
    }
}
