import AgentRuntime
import Testing

@Suite(.timeLimit(.minutes(1))) struct MCPToolsTests {
    private let run = RunContext(value: ())

    @Test func aToolIsOfferedWithTheServersOwnSchema() async throws {
        let tool = try #require(try await tools(of: MCPServer(forecastServer())).first)
        #expect(tool.name == "forecast")
        #expect(tool.definition.description == "Tells the weather.")
        #expect(tool.definition.parameters == forecastTool["inputSchema"])
        #expect(!tool.definition.isStrict)
        #expect(tool.policy.effect == .external)
        #expect(tool.policy.timeout == .seconds(5))
        #expect(try await tools(of: MCPServer(forecastServer(), trustsReadOnlyHint: true)).first?.policy.effect == .reads)
    }

    @Test func theFilterAllowsThenBlocks() async throws {
        let server = ScriptedMCPServer { _, _, _ in .result(["tools": [["name": "a"], ["name": "b"], ["name": "c"]]]) }
        #expect(try await tools(of: MCPServer(server)).map { $0.name } == ["a", "b", "c"])
        #expect(try await tools(of: MCPServer(server, filter: MCPToolFilter(allowed: ["a", "b"], blocked: ["b"]))).map { $0.name } == ["a"])
        #expect(try await tools(of: MCPServer(server, filter: MCPToolFilter(blocked: ["b"]))).map { $0.name } == ["a", "c"])
    }

    @Test func prefixedNamesFitEveryProviderAndStayApart() async throws {
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

    @Test func badArgumentsNeverReachTheServer() async throws {
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

    @Test(arguments: [
        (#"[{"type":"text","text":"Rain."}]"#, "Rain."),
        (#"[{"type":"image","mimeType":"image/gif","data":"R0lG"}]"#, "data:image/gif;base64,R0lG"),
        (#"[{"type":"resource_link","uri":"file:///a"}]"#, #"{"type":"resource_link","uri":"file:///a"}"#),
        (#"[{"type":"text","text":"a"},{"type":"text","text":"b"}]"#, "a\nb"),
        ("[]", ""),
    ])
    func contentsBecomeText(_ content: String, _ text: String) async throws {
        let server = forecastServer(.result(["content": try JSONValue(json: content), "structuredContent": ["rain": true]]))
        #expect(try await output(of: MCPServer(server)) == text)
    }

    @Test func structuredContentIsReadOnlyWhenAskedFor() async throws {
        let server = forecastServer(.result(["content": [["type": "text", "text": "Rain."]], "structuredContent": ["rain": true]]))
        #expect(try await output(of: MCPServer(server)) == "Rain.")
        #expect(try await output(of: MCPServer(server, usesStructuredContent: true)) == #"{"rain":true}"#)
    }

    @Test func anErrorResultIsAFailureInTheServersWords() async throws {
        let server = forecastServer(.result(["content": [["type": "text", "text": "No such city."]], "isError": true]))
        await #expect(throws: ToolFailure("No such city.")) { try await output(of: MCPServer(server)) }
        let refusing = forecastServer(.error(code: -32_602, "Unknown tool"))
        await #expect(throws: ToolFailure("The tool server refused: Unknown tool")) { try await output(of: MCPServer(refusing)) }
    }

    @Test func aLostConnectionIsToldToTheModel() async throws {
        let server = forecastServer(.hangUp)
        await #expect(throws: ToolFailure("The connection to the tool server was lost; whether it acted is not known.")) {
            try await output(of: MCPServer(server))
        }
    }

    @Test func serversComeBeforeTheAgentsOwnToolsAndOneNameTwiceIsRefused() async throws {
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

    private func tools(of server: MCPServer) async throws -> [AnyTool<Void>] {
        try await withClient(server) { try await $0.tools() }
    }

    private func output(of server: MCPServer) async throws -> String {
        try await withClient(server) { client in
            try await #require(try await client.tools(for: Void.self).first).call(#"{"city":"Rome"}"#, run)
        }
    }
}
