import AgentRuntime
import AgentTesting
import Testing

@Suite struct ToolArgumentsTests {
    enum Urgency: String, CaseIterable, ArgumentValue {
        case low, high
    }

    struct Everything: Tool {
        static let summary = "Takes everything."
        static let effect = ToolEffect.reads

        @Argument("A text.") var text: String
        @Argument("A short text.", .length(1...3)) var shortText: String?
        @Argument("A count.", .range(1...10)) var count: Int
        @Argument("Any integer.") var anyInteger: Int?
        @Argument("A number.") var number: Double?
        @Argument("Yes or no.") var isUrgent: Bool?
        @Argument("A day.") var dueDay: Day?
        @Argument("How urgent.") var urgency: Urgency
        @Argument("Perhaps how urgent.") var maybeUrgency: Urgency?
        @Argument("Labels.", .count(0...2)) var labels: [String]
        @Argument("Perhaps numbers.", .range(0...9)) var digits: [Int]?

        init() {}

        func call(in run: RunContext<Void>) async throws -> JSONValue {
            [
                "text": .string(text), "shortText": shortText.map(JSONValue.string) ?? .null, "count": .integer(count),
                "anyInteger": anyInteger.map(JSONValue.integer) ?? .null, "number": number.map(JSONValue.number) ?? .null,
                "isUrgent": isUrgent.map(JSONValue.bool) ?? .null, "dueDay": dueDay.map { .string($0.description) } ?? .null,
                "urgency": .string(urgency.rawValue), "maybeUrgency": maybeUrgency.map { .string($0.rawValue) } ?? .null,
                "labels": .array(labels.map(JSONValue.string)), "digits": digits.map { .array($0.map(JSONValue.integer)) } ?? .null,
            ]
        }
    }

    struct Nothing: Tool {
        static let summary = "Takes nothing."
        init() {}
        func call(in run: RunContext<Void>) async throws -> String { "done" }
    }

    private let tool = AnyTool(Everything.self)
    private let least = #""text":"a","count":1,"urgency":"low","labels":[]"#

    private func call(_ arguments: String) async throws -> JSONValue {
        try JSONValue(json: try await tool.call(arguments, RunContext(value: ())))
    }

    @Test func t44_theSchemaIsAClosedObjectInWhichEverythingIsRequired() {
        #expect(
            tool.definition.parameters == [
                "type": "object",
                "properties": [
                    "text": ["type": "string", "description": "A text."],
                    "short_text": ["type": ["string", "null"], "description": "A short text. (a text of 1 to 3 characters)"],
                    "count": ["type": "integer", "minimum": 1, "maximum": 10, "description": "A count."],
                    "any_integer": ["type": ["integer", "null"], "description": "Any integer."],
                    "number": ["type": ["number", "null"], "description": "A number."],
                    "is_urgent": ["type": ["boolean", "null"], "description": "Yes or no."],
                    "due_day": ["type": ["string", "null"], "format": "date", "description": "A day."],
                    "urgency": ["type": "string", "enum": ["low", "high"], "description": "How urgent."],
                    "maybe_urgency": ["type": ["string", "null"], "enum": ["low", "high", nil], "description": "Perhaps how urgent."],
                    "labels": ["type": "array", "items": ["type": "string"], "minItems": 0, "maxItems": 2, "description": "Labels."],
                    "digits": [
                        "type": ["array", "null"], "items": ["type": "integer", "minimum": 0, "maximum": 9], "description": "Perhaps numbers.",
                    ],
                ],
                "required": [
                    "text", "short_text", "count", "any_integer", "number", "is_urgent", "due_day", "urgency", "maybe_urgency", "labels", "digits",
                ],
                "additionalProperties": false,
            ])
        #expect(tool.definition.name == "everything")
        #expect(tool.definition.description == "Takes everything.")
        #expect(tool.definition.isStrict)
    }

    @Test func t41_aToolWithoutArgumentsHasAnEmptyClosedObject() {
        #expect(
            AnyTool(Nothing.self).definition.parameters == ["type": "object", "properties": [:], "required": [], "additionalProperties": false])
        #expect(AnyTool(Nothing.self).policy == ToolPolicy(effect: .external, timeout: .seconds(30)))
    }

    @Test func whatTheModelSendsIsInTheProperties() async throws {
        let sent = """
            {\(least.replacing("[]", with: "[\"x\",\"y\"]")),"short_text":"🌍é","any_integer":-7,"number":2.5,"is_urgent":true,\
            "due_day":"2026-02-28","maybe_urgency":"high","digits":[0,9]}
            """
        #expect(
            try await call(sent) == [
                "text": "a", "shortText": "🌍é", "count": 1, "anyInteger": -7, "number": 2.5, "isUrgent": true, "dueDay": "2026-02-28",
                "urgency": "low", "maybeUrgency": "high", "labels": ["x", "y"], "digits": [0, 9],
            ])
    }

    @Test func absentAndNullAreTheSame() async throws {
        let nulls = ["short_text", "any_integer", "number", "is_urgent", "due_day", "maybe_urgency", "digits"].map { ",\"\($0)\":null" }.joined()
        let absent = try await call("{\(least)}")
        #expect(try await call("{\(least)\(nulls)}") == absent)
        #expect(absent["shortText"] == .null)
    }

    @Test(arguments: [
        (#""text":7"#, "Argument 'text' of everything is not valid: expected a text, got an integer."),
        (#""text":null"#, "Argument 'text' of everything is missing: expected a text."),
        (#""short_text":"""#, "Argument 'short_text' of everything is not valid: expected a text of 1 to 3 characters, or null, got 0 characters."),
        (
            #""short_text":"abcd""#,
            "Argument 'short_text' of everything is not valid: expected a text of 1 to 3 characters, or null, got 4 characters."
        ),
        (#""count":0"#, "Argument 'count' of everything is not valid: expected an integer from 1 to 10, got 0."),
        (#""count":1.5"#, "Argument 'count' of everything is not valid: expected an integer from 1 to 10, got a number."),
        (#""count":1e300"#, "Argument 'count' of everything is not valid: expected an integer from 1 to 10, got a number."),
        (#""count":"1""#, "Argument 'count' of everything is not valid: expected an integer from 1 to 10, got a string."),
        (#""is_urgent":"yes""#, "Argument 'is_urgent' of everything is not valid: expected true or false, or null, got a string."),
        (#""is_urgent":1"#, "Argument 'is_urgent' of everything is not valid: expected true or false, or null, got an integer."),
        (
            #""due_day":"2026-02-30""#,
            "Argument 'due_day' of everything is not valid: expected a day written YYYY-MM-DD, or null, got \"2026-02-30\"."
        ),
        (#""urgency":"middling""#, "Argument 'urgency' of everything is not valid: expected one of low, high, got \"middling\"."),
        (#""labels":["a","b","c"]"#, "Argument 'labels' of everything is not valid: expected a list of 0 to 2, each a text, got 3 elements."),
        (#""labels":["a",null]"#, "Argument 'labels' of everything is not valid: expected a list of 0 to 2, each a text, got null."),
        (#""digits":[10]"#, "Argument 'digits' of everything is not valid: expected a list, each an integer from 0 to 9, or null, got 10."),
        (
            #""user_id":1"#,
            "everything has no argument 'user_id'. It takes text, short_text, count, any_integer, number, is_urgent, due_day, urgency, maybe_urgency, labels, digits."
        ),
        (
            #""shortText":"a""#,
            "everything has no argument 'shortText'. It takes text, short_text, count, any_integer, number, is_urgent, due_day, urgency, maybe_urgency, labels, digits."
        ),
    ])
    func r085_t44_whatDoesNotFitIsExplained(member: String, sentence: String) async throws {
        let name = member.prefix { $0 != ":" }
        let kept = #""text":"a"|"count":1|"urgency":"low"|"labels":[]"#.split(separator: "|").filter { !$0.hasPrefix(name) }
        await #expect(throws: ToolFailure(sentence, isAboutArguments: true)) {
            _ = try await call("{" + (kept + [member[...]]).joined(separator: ",") + "}")
        }
    }

    @Test(arguments: ["", " ", "{}", "\n"])
    func noArgumentsAreAnEmptyObject(arguments: String) async throws {
        #expect(try await AnyTool(Nothing.self).call(arguments, RunContext(value: ())) == "done")
    }

    @Test func unknownArgumentsOfAToolWithoutAnyAreExplained() async throws {
        await #expect(throws: ToolFailure("nothing has no argument 'a'. It takes none.", isAboutArguments: true)) {
            _ = try await AnyTool(Nothing.self).call(#"{"a":1}"#, RunContext(value: ()))
        }
    }

    @Test func aDeclaredTypeMayHaveAnotherBody() async throws {
        let tool = AnyTool<Void>(Nothing.self) { _, run in ["turn": run.turn] }
        #expect(try await tool.call("{}", RunContext(value: (), turn: 3)) == #"{"turn":3}"#)
    }
}
