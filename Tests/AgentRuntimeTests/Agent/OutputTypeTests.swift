import AgentRuntime
import AgentTesting
import Testing

/// agents-sdk, structured output.
@Suite(.timeLimit(.minutes(5)), .eitherMode) struct OutputTypeTests {
    private struct Answer: OutputValue, Equatable {
        var answer: String
        var sure: Bool
        static let outputSchema: JSONValue = ["type": "object", "properties": ["answer": ["type": "string"], "sure": ["type": "boolean"]]]
    }

    private func agent(_ type: OutputType, tools: [AnyTool<Void>] = []) -> Agent<Void> {
        var agent = Agent<Void>.stub(tools: tools)
        agent.outputType = type
        return agent
    }

    @Test(arguments: [true, false])
    func l21_theFinalTextIsParsed(isStreamed: Bool) async throws {
        let text = #"{"answer":"yes","sure":true}"#
        let (runner, model) = Runner.scripted(.text(text), isStreamed: isStreamed)
        let log = InMemoryRunLog()
        let result = try await runner.run(agent(try .of(Answer.self)), input: "Hi", context: (), log: log)
        #expect(result.output == text)
        #expect(result.value == ["answer": "yes", "sure": true])
        #expect(try result.value(as: Answer.self) == Answer(answer: "yes", sure: true))
        let format = model.requests.first?.outputFormat
        #expect(format?.name == "final_output")
        #expect(format?.isStrict == true)
        #expect(format?.schema["required"] == ["answer", "sure"])
        let (again, asked) = Runner.scripted()
        #expect(try await again.run(agent(try .of(Answer.self)), input: "Hi", context: (), log: log) == result)
        #expect(asked.requests.isEmpty)
    }

    @Test func l21_whatIsNoObjectTravelsAsResponse() async throws {
        let type = try OutputType.json(["type": "array", "items": ["$ref": "#/$defs/n"], "$defs": ["n": ["type": "integer"]]])
        #expect(type.isWrapped)
        #expect(
            type.format.schema == [
                "type": "object", "properties": ["response": ["type": "array", "items": ["$ref": "#/$defs/n"]]], "required": ["response"],
                "additionalProperties": false, "$defs": ["n": ["type": "integer"]],
            ])
        let (runner, _) = Runner.scripted(.text(#"{"response":[1,2]}"#))
        let result = try await runner.run(agent(type), input: "Hi", context: ())
        #expect(result.value == [1, 2])
        #expect(throws: SchemaMismatch.self) { try type.value(of: "[1,2]") }
        #expect(try OutputType.json(["anyOf": [["type": "string"], ["type": "null"]]]).value(of: #"{"response":null}"#) == nil)
        #expect(throws: SchemaError.self) { try OutputType.json(["type": "array", "items": ["$ref": "#"]]) }
    }

    @Test func l22_aDictionaryIsNeitherWrappedNorTakenWrapped() throws {
        let type = try OutputType.json(["type": "object", "additionalProperties": ["type": "integer"]], isStrict: false)
        #expect(!type.isWrapped)
        #expect(try type.value(of: #"{"a":1}"#) == ["a": 1])
        #expect(throws: SchemaMismatch.self) { try type.value(of: #"{"response":{"a":1}}"#) }
    }

    @Test(arguments: [
        ("{}", "'answer' is missing"), (#"{"answer":1,"sure":true}"#, "/answer: expected string, got an integer"),
        (#"{"answer":"a","sure":"true"}"#, "/sure: expected boolean, got a string"), (#"{"answer":"a","sure":true,"x":1}"#, "'x' is not expected"),
        ("yes", "it is not JSON"), (#"{"answer":"a","sure":true} "x""#, "it is not JSON"),
    ])
    func l23_nothingIsCoerced(text: String, mistake: String) throws {
        let type = try OutputType.of(Answer.self)
        #expect { try type.value(of: text) } throws: { String(describing: $0) == mistake }
    }

    @Test(arguments: [
        (#"{"answer":1,"sure":"true"}"#, #"{"answer":"1","sure":true}"#), (#"{"answer":"a","sure":true}"#, #"{"answer":"a","sure":true}"#),
        (#"{"answer":"true","sure":"no"}"#, nil), (#"{"answer":["a"],"sure":true}"#, nil),
    ])
    func l23_aLenientTypeReadsScalarsAsTheyAreMeant(text: String, value: String?) throws {
        var type = try OutputType.of(Answer.self)
        type.coerces = true
        guard let value else {
            #expect(throws: SchemaMismatch.self) { try type.value(of: text) }
            return
        }
        #expect(try type.value(of: text) == JSONValue(json: value))
    }

    @Test func l23_leniencyReachesElementsAlternativesAndReferences() throws {
        var type = try OutputType.json([
            "type": "array", "items": ["anyOf": [["type": "null"], ["$ref": "#/$defs/n"]]], "$defs": ["n": ["type": "integer", "minimum": 2]],
        ])
        type.coerces = true
        #expect(try type.value(of: #"{"response":["2",3,null]}"#) == [2, 3, nil])
        #expect(throws: SchemaMismatch.self) { try type.value(of: #"{"response":["1"]}"#) }
    }

    @Test func l34_aValueOfAnotherTypeIsAnError() async throws {
        struct Other: OutputValue {
            var other: Int
            static let outputSchema: JSONValue = ["type": "object", "properties": ["other": ["type": "integer"]]]
        }
        let typed = try agent(.of(Answer.self))
        let run = try await inBothModes { try await $0.run(typed, model: [.text(#"{"answer":"a","sure":true}"#)]) }
        let result = try #require(run.result)
        #expect(try result.value(as: Answer.self).answer == "a")
        #expect(throws: (any Error).self) { try result.value(as: Other.self) }
        let free = try await inBothModes { try await $0.run(Agent<Void>.stub(), model: [.text("a")]) }
        let text = try #require(free.result)
        #expect(throws: RunError.user("The agent Assistant has no output type.")) { try text.value(as: Answer.self) }
    }

    static let constraints: [(schema: JSONValue, fits: String, fitsNot: String)] = [
        (["type": "integer", "minimum": 1, "maximum": 3], "2", "4"), (["enum": ["a", "b"]], #""b""#, #""c""#),
        (["const": 7], "7", "8"), (["type": "string", "minLength": 2, "maxLength": 3], #""ab""#, #""abcd""#),
        (["type": "array", "maxItems": 1, "items": ["type": "null"]], "[null]", "[1]"), (["type": "number", "multipleOf": 0.5], "1.5", "1.2"),
        (["anyOf": [["type": "string"], ["type": "integer"]]], "1", "true"), (["type": ["string", "null"]], "null", "0"),
        (["type": "number", "exclusiveMinimum": 0], "0.1", "0"), (["type": "integer"], "1", "1.5"),
    ]

    @Test(arguments: constraints)
    func everyConstraintOfTheSchemaHolds(schema: JSONValue, fits: String, fitsNot: String) throws {
        let type = try OutputType.json(schema)
        #expect(try type.value(of: #"{"response":\#(fits)}"#) == JSONValue(json: fits))
        #expect(throws: SchemaMismatch.self) { try type.value(of: #"{"response":\#(fitsNot)}"#) }
    }

    @Test(arguments: [true, false])
    func l18_textThatDoesNotFitFailsTheRun(isStreamed: Bool) async throws {
        let (runner, model) = Runner.scripted(.text(#"{"answer":"a"}"#), isStreamed: isStreamed)
        let log = InMemoryRunLog()
        await #expect(throws: RunError.invalidFinalOutput("'sure' is missing")) {
            try await runner.run(agent(try .of(Answer.self)), input: "Hi", context: (), log: log)
        }
        #expect(model.requests.count == 1)
        #expect(log.records.map(\.event).sketches == ["start", "response", "error model_misbehaved"])
    }

    @Test func l20_anEmptyAnswerIsAskedForAgainUntilTheTurnsAreUsedUp() async throws {
        let text = #"{"answer":"a","sure":true}"#
        let (runner, model) = Runner.scripted(.response(ModelResponse(items: [])), .text(text))
        #expect(try await runner.run(agent(try .of(Answer.self)), input: "Hi", context: ()).output == text)
        #expect(model.requests.count == 2)
        var (limited, _) = Runner.scripted(.text(""), .text(""))
        limited.limits.turns = 2
        await #expect(throws: RunError.maxTurnsExceeded(2)) { try await limited.run(agent(try .of(Answer.self)), input: "Hi", context: ()) }
    }

    @Test func l16_aRefusalIsNotAskedAgain() async throws {
        let refusal = Item.message(Item.Message(role: .assistant, content: [.refusal("No")]))
        let (runner, model) = Runner.scripted(.response(ModelResponse(items: [refusal])))
        await #expect(throws: RunError.modelRefusal("No")) { try await runner.run(agent(try .of(Answer.self)), input: "Hi", context: ()) }
        #expect(model.requests.count == 1)
    }

    @Test func theAnswerOfAToolIsTakenAsItIs() async throws {
        for (output, value) in [(#"{"n":1}"#, ["n": 1]), ("plain", "plain")] as [(String, JSONValue)] {
            var agent = agent(try .of(Answer.self), tools: [.stub("add") { _, _ in output }])
            agent.toolUseBehavior = .stopOnFirstTool
            let (runner, _) = Runner.scripted(.call("add"))
            #expect(try await runner.run(agent, input: "Hi", context: ()).value == value)
        }
    }
}
