import AgentRuntime
import AgentTesting
import Testing

@Suite(.timeLimit(.minutes(5))) struct MCPToolsTests {
    private let run = RunContext(value: ())

    @Test func p207_aToolIsOfferedWithTheServersOwnSchema() async throws {
        let tool = try #require(try await tools(of: MCPServer(forecastServer())).first)
        #expect(tool.name == "forecast")
        #expect(tool.definition.description == "Tells the weather.")
        #expect(tool.definition.parameters == forecastTool["inputSchema"])
        #expect(!tool.definition.isStrict)
        #expect(tool.policy.effect == .external)
        #expect(tool.policy.timeout == .seconds(5))
        #expect(try await tools(of: MCPServer(forecastServer(), trustsReadOnlyHint: true)).first?.policy.effect == .reads)
    }

    @Test func p210_theFilterAllowsThenBlocks() async throws {
        let server = ScriptedMCPServer { _, _, _ in .result(["tools": [["name": "a"], ["name": "b"], ["name": "c"]]]) }
        #expect(try await tools(of: MCPServer(server)).map { $0.name } == ["a", "b", "c"])
        #expect(try await tools(of: MCPServer(server, filter: MCPToolFilter(allowed: ["a", "b"], blocked: ["b"]))).map { $0.name } == ["a"])
        #expect(try await tools(of: MCPServer(server, filter: MCPToolFilter(blocked: ["b"]))).map { $0.name } == ["a", "c"])
    }

    @Test func p207_prefixedNamesFitEveryProviderAndStayApart() async throws {
        let long = String(repeating: "x", count: 80)
        let server = ScriptedMCPServer { _, _, _ in
            .result(["tools": [["name": "a"], ["name": "ä"], ["name": "ö"], ["name": .string(long)], ["name": .string(long + "y")]]])
        }
        let names = try await tools(of: MCPServer(server, prefixesNames: true)).map(\.name)
        #expect(names.first == "mcp_weather__a")
        #expect(Set(names).count == 5)
        #expect(names.allSatisfy { $0.utf8.count <= 64 && $0.utf8.allSatisfy { $0 < 0x80 } })
        #expect(names == (try await tools(of: MCPServer(server, prefixesNames: true)).map { $0.name }))
        #expect(names.last?.utf8.count == 64)
    }

    @Test func p209_p213_badArgumentsNeverReachTheServer() async throws {
        let server = forecastServer()
        try await withClient(server) { client in
            let tool = try #require(try await client.tools(for: Void.self).first)
            for (arguments, sentence) in [
                ("{", "The arguments of 'forecast' must be a JSON object."), ("[1]", "The arguments of 'forecast' must be a JSON object."),
                ("{}", "The required argument 'city' of 'forecast' is missing."), ("", "The required argument 'city' of 'forecast' is missing."),
            ] {
                await #expect(throws: ToolFailure(sentence)) { try await tool.call(arguments, run) }
            }
        }
        #expect(server.count(of: "tools/call") == 0)
    }

    @Test(
        arguments: [
            (#"[{"type":"text","text":"Rain."}]"#, .text("Rain.")),
            (#"[{"type":"image","mimeType":"image/gif","data":"R0lG"}]"#, .content([.image(url: "data:image/gif;base64,R0lG")])),
            (#"[{"type":"image"}]"#, .text(#"{"type":"image"}"#)),
            (#"[{"type":"resource_link","uri":"file:///a"}]"#, .text(#"{"type":"resource_link","uri":"file:///a"}"#)),
            (#"[{"type":"text","text":"a"},{"type":"text","text":"b"}]"#, .content([.text("a"), .text("b")])),
            (
                #"[{"type":"text","text":"See:"},{"type":"image","data":"R0lG"},{"type":"audio","data":"AA=="},7]"#,
                .content([
                    .text("See:"), .image(url: "data:image/png;base64,R0lG"), .text(#"{"data":"AA==","type":"audio"}"#), .text("7"),
                ])
            ),
            ("[]", .text("")),
        ] as [(String, ToolOutput)])
    func p208_eachContentIsAPartOfTheOutput(_ content: String, _ output: ToolOutput) async throws {
        let server = forecastServer(.result(["content": try JSONValue(json: content), "structuredContent": ["rain": true]]))
        let made = try await withClient(MCPServer(server)) { client in
            try await #require(try await client.tools(for: Void.self).first).perform(#"{"city":"Rome"}"#, run)
        }
        #expect(made == output)
    }

    @Test func p208_structuredContentIsReadOnlyWhenAskedFor() async throws {
        let server = forecastServer(.result(["content": [["type": "text", "text": "Rain."]], "structuredContent": ["rain": true]]))
        #expect(try await output(of: MCPServer(server)) == "Rain.")
        #expect(try await output(of: MCPServer(server, usesStructuredContent: true)) == #"{"rain":true}"#)
        let empty = forecastServer(.result(["content": [["type": "text", "text": "Rain."]], "structuredContent": [:]]))
        #expect(try await output(of: MCPServer(empty, usesStructuredContent: true)) == "Rain.")
    }

    @Test func p208_anErrorResultIsAFailureInTheServersWords() async throws {
        let server = forecastServer(.result(["content": [["type": "text", "text": "No such city."]], "isError": true]))
        await #expect(throws: ToolFailure("No such city.")) { try await output(of: MCPServer(server)) }
        let structured = forecastServer(
            .result(["content": [["type": "text", "text": "No such city."]], "structuredContent": ["code": 7], "isError": true]))
        await #expect(throws: ToolFailure("No such city.")) { try await output(of: MCPServer(structured, usesStructuredContent: true)) }
        let refusing = forecastServer(.error(code: -32_602, "Unknown tool"))
        await #expect(throws: ToolFailure("The tool server refused: Unknown tool")) { try await output(of: MCPServer(refusing)) }
    }

    @Test func aLostConnectionIsToldToTheModel() async throws {
        let server = forecastServer(.hangUp)
        await #expect(throws: ToolFailure("The connection to the tool server was lost; whether it acted is not known.")) {
            try await output(of: MCPServer(server))
        }
    }

    @Test func p207_serversComeBeforeTheAgentsOwnToolsAndOneNameTwiceIsRefused() async throws {
        try await withClient(MCPServer(forecastServer(), name: "sky")) { client in
            let local = AnyTool<Void>(definition: ToolDefinition(name: "add", description: "", parameters: [:])) { _, _ in "" }
            let agent = Agent(name: "Helper", tools: [local])
            let seen1 = try await agent.withTools(of: [client]).tools.map { $0.name }
            #expect(seen1 == ["forecast", "add"])
            await #expect(throws: RunError.user("The agent Helper cannot run: the tool 'forecast' comes from 'sky' and from 'sky'; list one.")) {
                try await agent.withTools(of: [client, client])
            }
        }
    }

    @Test func p207_namesWithTheServerInThemAvoidTheAgentsOwnAndItsHandoffs() async throws {
        try await withClient(MCPServer(forecastServer(), prefixesNames: true)) { client in
            var handoff = Handoff(to: Agent<Void>(name: "Other"))
            handoff.toolName = "mcp_weather__forecast"
            for agent in [Agent(name: "A", tools: [AnyTool<Void>.stub("mcp_weather__forecast")]), Agent(name: "B", handoffs: [handoff])] {
                let name = try #require(try await agent.withTools(of: [client]).tools.first?.name)
                #expect(name.hasPrefix("mcp_weather__forecast_"))
                #expect(name.utf8.count == "mcp_weather__forecast".utf8.count + 9)
            }
        }
    }

    @Test func p210_aFilterOfTheRunDecidesAndOneThatThrowsHidesTheTool() async throws {
        let server = ScriptedMCPServer { _, _, _ in .result(["tools": [["name": "a"], ["name": "b"], ["name": "c"]]]) }
        var options = MCPToolOptions<String>()
        options.filter = { tool, run in
            if tool.name == "c" { throw ToolFailure("Broken.") }
            return tool.name == run.value && run.agentName == "Helper"
        }
        try await withClient(MCPServer(server)) { [options] client in
            let agent = try await Agent<String>(name: "Helper").withTools(of: [client], options: options)
            for (person, names) in [("a", ["a"]), ("b", ["b"]), ("c", [])] {
                let model = ScriptedModel(.text("Done"))
                _ = try await Runner(model: model).run(agent, input: "Hi", context: person)
                #expect(model.requests.first?.tools.map(\.name) == names)
            }
        }
    }

    @Test(arguments: [
        (#""always""#, ["a", "b"]), (#""never""#, []), ("true", ["a", "b"]), ("false", []), (#"{"a":"always","b":false}"#, ["a"]), ("{}", []),
        (#"{"always":{"tool_names":["b"]},"never":{"tool_names":["a"]}}"#, ["b"]), (#"{"always":true}"#, []),
    ])
    func p215_aPolicySaysWhoIsAskedAbout(_ policy: String, _ waiting: [String]) async throws {
        let server = ScriptedMCPServer { method, _, _ in
            method == "tools/list" ? .result(["tools": [["name": "a"], ["name": "b"]]]) : .result(["content": []])
        }
        let approval = try MCPApprovalPolicy(JSONValue(json: policy))
        try await withClient(MCPServer(server, approval: approval)) { client in
            let agent = try await Agent<Void>(name: "Helper").withTools(of: [client])
            let runner = Runner(model: ScriptedModel(.calls(("a", "{}"), ("b", "{}")), .text("Done")))
            let result = try await runner.run(agent, input: "Hi", context: ())
            #expect(result.interruptions.map(\.name) == waiting)
            #expect(result.interruptions.allSatisfy { $0.origin == .mcp(server: "weather") })
        }
    }

    @Test(arguments: [
        #""sometimes""#, "3", "null", "[]", #"{"a":"maybe"}"#, #"{"always":{"tool_names":"a"}}"#, #"{"always":{"tools":["a"]}}"#,
        #"{"always":{"tool_names":[1]}}"#, #"{"always":{"tool_names":["a"]},"never":{"tool_names":["a"]}}"#,
    ])
    func p215_anythingElseIsNoPolicy(_ policy: String) throws {
        let json = try JSONValue(json: policy)
        #expect(throws: RunError.self) { try MCPApprovalPolicy(json) }
    }

    @Test func p215_aFunctionDecidesByToolArgumentsAndRun() async throws {
        var options = MCPToolOptions<String>()
        options.needsApproval = { tool, arguments, run in tool.name == "forecast" && arguments["city"]?.string == run.value }
        try await withClient(MCPServer(forecastServer(), approval: .never)) { [options] client in
            let agent = try await Agent<String>(name: "Helper").withTools(of: [client], options: options)
            for (city, isAsked) in [("Rome", true), ("Oslo", false)] {
                let runner = Runner(model: ScriptedModel(.call("forecast", #"{"city":"\#(city)"}"#), .text("Done")))
                let result = try await runner.run(agent, input: "Hi", context: "Rome")
                #expect(result.interruptions.isEmpty == !isAsked)
            }
        }
    }

    @Test func p216_aCallThatTheServerCancelsIsAFailureOfTheTool() async throws {
        await #expect(throws: ToolFailure("The call of 'forecast' was cancelled by the tool server.")) {
            try await output(of: MCPServer(forecastServer(.cancelled)))
        }
    }

    @Test func p217_whatGoesBesideTheArgumentsLeavesThemAlone() async throws {
        let server = forecastServer()
        var options = MCPToolOptions<Void>()
        options.meta = { tool, arguments, _ in ["tool": .string(tool.name), "city": arguments["city"] ?? .null] }
        try await withClient(MCPServer(server)) { [options] client in
            _ = try await #require(try await client.tools(options: options).first).call(#"{"city":"Rome"}"#, run)
        }
        let params = server.received.last { $0["method"] == "tools/call" }?["params"]
        #expect(params == ["name": "forecast", "arguments": ["city": "Rome"], "_meta": ["tool": "forecast", "city": "Rome"]])
    }

    @Test func aCallCarriesItsKeyBesideWhatTheProgramSays() async throws {
        let server = forecastServer()
        var options = MCPToolOptions<Void>()
        options.meta = { _, _, _ in ["trace": "t"] }
        let context = RunContext(value: (), call: CallKey(run: "r", turn: 2, index: 1))
        try await withClient(MCPServer(server)) { [options] client in
            for tool in try await client.tools(options: options) + client.tools() { _ = try await tool.call(#"{"city":"Rome"}"#, context) }
        }
        let sent = server.received.filter { $0["method"] == "tools/call" }.map { $0["params"]?["_meta"] }
        #expect(
            sent == [
                ["agent-runtime/idempotency-key": "r/2/1", "trace": "t"], ["agent-runtime/idempotency-key": "r/2/1"],
            ])
    }

    @Test func whatAServerSaysOfRepetitionsIsBelievedWhereItIsTrusted() async throws {
        let server = ScriptedMCPServer { _, _, _ in
            .result([
                "tools": [["name": "put", "annotations": ["idempotentHint": true]], ["name": "drop", "annotations": ["destructiveHint": true]]]
            ])
        }
        #expect(try await tools(of: MCPServer(server)).map(\.policy.isIdempotent) == [false, false])
        let trusted = try await tools(of: MCPServer(server, trustsIdempotentHint: true))
        #expect(trusted.map(\.policy.isIdempotent) == [true, false])
        // That a call takes something away is believed of everybody.
        #expect(trusted.map(\.policy.isDestructive) == [false, true])
    }

    @Test func toolGuardrailsLookAtAServersToolsToo() async throws {
        let server = forecastServer()
        var options = MCPToolOptions<Void>()
        options.inputGuardrails = [ToolInputGuardrail("look") { call, _ in call.arguments.contains("Rome") ? .reject("Not Rome.") : .allow }]
        options.outputGuardrails = [ToolOutputGuardrail("hide") { _, _, _ in .reject("Hidden.") }]
        try await withClient(MCPServer(server)) { [options] client in
            let agent = try await Agent<Void>(name: "Helper").withTools(of: [client], options: options)
            let model = ScriptedModel(.calls(("forecast", #"{"city":"Rome"}"#), ("forecast", #"{"city":"Oslo"}"#)), .text("Done"))
            _ = try await Runner(model: model).run(agent, input: "Hi", context: ())
            #expect(model.requests.last?.input.suffix(2) == [.output("Not Rome.", of: "call_1"), .output("Hidden.", of: "call_2")])
        }
        #expect(server.count(of: "tools/call") == 1)
    }

    private func tools(of server: MCPServer) async throws -> [AnyTool<Void>] {
        try await withClient(server) { try await $0.tools() }
    }

    private func output(of server: MCPServer) async throws -> String {
        try await withClient(server) { client in
            try await #require(try await client.tools(for: Void.self).first).call(#"{"city":"Rome"}"#, run)
        }
    }
}
