import AgentRuntime
import Foundation
import Testing

/// The client against servers made with the official Python package.
@Suite(.timeLimit(.minutes(2))) struct MCPServerTests {
    @Test func aServerThatIsStartedIsListedAndCalled() async throws {
        try await MCPClient.withClients(of: [PythonServer.started]) { clients in
            let client = try #require(clients.first)
            #expect(await client.name == "weather")
            let tools = try await client.tools(for: Void.self)
            #expect(tools.map { $0.name } == ["forecast", "environment", "process", "leave", "wait"])
            let forecast = try #require(tools.first)
            let rain = try await forecast.call(#"{"city":"Rome"}"#, RunContext(value: ()))
            #expect(rain == "Rain in Rome.")
            await #expect { try await forecast.call(#"{"city":"Atlantis"}"#, RunContext(value: ())) } throws: {
                $0 is ToolFailure && "\($0)".contains("No such city.")
            }
        }
    }

    @Test func p220_promptsAndResourcesAreListedAndRead() async throws {
        try await MCPClient.withClients(of: [PythonServer.started]) { clients in
            let client = try #require(clients.first)
            let prompts = try await client.listPrompts()
            #expect(prompts.map(\.name) == ["plan"])
            #expect(prompts.first?.arguments == [MCPPrompt.Argument(name: "city", isRequired: true)])
            let input = try await client.prompt("plan", arguments: ["city": "Rome"])
            #expect(input == [.user("Plan a day in Rome.")])
            let resources = try await client.listResources()
            #expect(resources.map(\.uri) == ["weather://cities"])
            let templates = try await client.listResourceTemplates()
            #expect(templates.map(\.uri) == ["weather://cities/{city}"])
            let cities = try await client.readResource("weather://cities")
            #expect(cities.map(\.text) == ["Rome, Oslo"])
            let country = try await client.readResource("weather://cities/Oslo")
            #expect(country.map(\.text) == ["Norway"])
        }
    }

    @Test func p214_p220_aSessionOverHTTPHasAnIdAndACallThatEndsItsServerIsNotRepeated() async throws {
        let server = try await PythonServer.listening()
        defer { server.end() }
        let transport = MCPStreamableHTTPTransport(url: server.url, transport: CurlTransport())
        try await MCPClient.withClients(of: [MCPServer(transport, retryBackoff: .zero)]) { clients in
            let client = try #require(clients.first)
            #expect(await client.sessionID?.isEmpty == false)
            await #expect(throws: MCPError.connectionLost) { try await client.call("leave", arguments: [:]) }
        }
    }

    @Test func aStartedServerSeesNoSecret() async throws {
        let server = PythonServer.command(["PLACE": "here", "OPENAI_API_KEY": "secret"])
        let result = try await MCPClient.withClients(of: [server]) { try await #require($0.first).call("environment", arguments: [:]) }
        let names = Set(result.text.split(separator: "\n").map(String.init))
        #expect(names.contains("PLACE") && names.contains("PATH"))
        #expect(names.isSubset(of: ["PLACE", "HOME", "PATH", "LANG", "TERM", "TMPDIR", "USER", "LC_CTYPE"]))
    }

    @Test func aStartedServerEndsWithItsConnection() async throws {
        let process = try await MCPClient.withClients(of: [PythonServer.started]) { clients in
            try await #require(clients.first).call("process", arguments: [:]).text
        }
        let id = try #require(Int32(process))
        #expect(kill(id, 0) == -1)
    }

    @Test func aServerThatEndedIsStartedAgainForTheNextCall() async throws {
        try await MCPClient.withClients(of: [PythonServer.started]) { clients in
            let client = try #require(clients.first)
            await #expect(throws: MCPError.connectionLost) { try await client.call("leave", arguments: [:]) }
            let rain = try await client.call("forecast", arguments: ["city": "Oslo"], within: .seconds(30))
            #expect(rain.text == "Rain in Oslo.")
        }
    }

    @Test func aCallThatTakesTooLongLeavesTheConnectionUsable() async throws {
        try await MCPClient.withClients(of: [PythonServer.started]) { clients in
            let client = try #require(clients.first)
            await #expect(throws: MCPError.timedOut(.milliseconds(50))) {
                try await client.call("wait", arguments: [:], within: .milliseconds(50))
            }
            let rain = try await client.call("forecast", arguments: ["city": "Oslo"])
            #expect(rain.text == "Rain in Oslo.")
        }
    }

    @Test func aServerOverHTTPIsListedAndCalled() async throws {
        let server = try await PythonServer.listening()
        defer { server.end() }
        let transport = MCPStreamableHTTPTransport(url: server.url, transport: CurlTransport())
        try await MCPClient.withClients(of: [MCPServer(transport, prefixesNames: true)]) { clients in
            let tools = try await #require(clients.first).tools(for: Void.self)
            #expect(tools.first?.name == "mcp_weather__forecast")
            let rain = try await tools.first?.call(#"{"city":"Rome"}"#, RunContext(value: ()))
            #expect(rain == "Rain in Rome.")
            await #expect(throws: MCPError.timedOut(.milliseconds(50))) {
                try await #require(clients.first).call("wait", arguments: [:], within: .milliseconds(50))
            }
        }
    }
}
