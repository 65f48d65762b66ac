import AgentRuntime
import Testing

@Suite(.timeLimit(.minutes(5))) struct MCPPromptsAndResourcesTests {
    @Test func p220_promptsAreListedOverPagesAndBecomeInput() async throws {
        let server = ScriptedMCPServer { method, params, _ in
            switch (method, params["cursor"]) {
            case ("prompts/list", nil):
                .result(["prompts": [["name": "greet", "arguments": [["name": "who", "required": true], ["name": "how"]]]], "nextCursor": "2"])
            case ("prompts/list", _): .result(["prompts": [["name": "part", "description": "Says goodbye."]]])
            default:
                .result([
                    "messages": [
                        ["role": "user", "content": ["type": "text", "text": .string("Greet \(params["arguments"]?["who"]?.string ?? "")")]],
                        ["role": "assistant", "content": ["type": "text", "text": "Hello"]],
                    ]
                ])
            }
        }
        try await withClient(server) { client in
            let prompts = try await client.listPrompts()
            #expect(prompts.map(\.name) == ["greet", "part"])
            #expect(prompts.first?.arguments.map(\.isRequired) == [true, false])
            #expect(prompts.last?.description == "Says goodbye.")
            let items = try await client.prompt("greet", arguments: ["who": "Ann"])
            #expect(items == [.user("Greet Ann"), .assistant("Hello")])
        }
    }

    @Test func p220_resourcesAreListedAndRead() async throws {
        let server = ScriptedMCPServer { method, params, _ in
            switch method {
            case "resources/list": .result(["resources": [["uri": "file:///a", "name": "a", "mimeType": "text/plain"]]])
            case "resources/templates/list": .result(["resourceTemplates": [["uriTemplate": "file:///{name}", "name": "any"]]])
            default: .result(["contents": [["uri": params["uri"] ?? .null, "text": "Hi"], ["uri": "file:///b", "blob": "SGk="]]])
            }
        }
        try await withClient(server) { client in
            let resources = try await client.listResources()
            #expect(resources.map(\.uri) == ["file:///a"])
            #expect(resources.first?.mimeType == "text/plain")
            let templates = try await client.listResourceTemplates().map(\.uri)
            #expect(templates == ["file:///{name}"])
            let contents = try await client.readResource("file:///a")
            #expect(contents.map(\.uri) == ["file:///a", "file:///b"])
            #expect(contents.map(\.text) == ["Hi", nil])
            #expect(contents.map(\.blob) == [nil, "SGk="])
        }
    }

    @Test func aListThatIsNoneIsRefused() async throws {
        let server = ScriptedMCPServer { _, _, _ in .result([:]) }
        try await withClient(server) { client in
            await #expect(throws: MCPError.malformed("its list of prompts is no list")) { try await client.listPrompts() }
            await #expect(throws: MCPError.malformed("its list of resources is no list")) { try await client.listResources() }
            await #expect(throws: MCPError.malformed("its resource has no contents")) { try await client.readResource("a") }
            await #expect(throws: MCPError.malformed("its prompt has no messages")) { try await client.prompt("a") }
        }
    }
}
