import AgentRuntime
import AgentTesting
import Testing

@Suite struct PromptServersTests {
    private let servers = [
        ToolSource<Void>(name: "sky", tools: [.stub("forecast")]),
        ToolSource(name: "sea", tools: [.stub("tide"), .stub("forecast")]),
    ]

    @Test func anAgentHasTheServersItListsInThatOrder() throws {
        #expect(try library(listing: "[sea]").agent("a")?.tools.map { $0.name } == ["tide", "forecast"])
        #expect(try library(listing: "[]").agent("a")?.tools.map { $0.name } == [])
    }

    @Test func oneToolNameFromTwoServersIsRefusedNamingBoth() {
        #expect { try library(listing: "[sky, sea]") } throws: { "\($0)".contains("'forecast' comes from 'sky' and from 'sea'") }
    }

    @Test func anUnknownServerIsRefusedWithTheKnownOnes() {
        #expect { try library(listing: "[moon]") } throws: { "\($0)".contains("'moon'. Known: sky, sea.") }
    }

    @Test func twoServersOfOneNameAreRefused() {
        #expect(throws: ModuleError.self) { try parts(servers + servers) }
    }

    private func library(listing tools: String) throws -> PromptLibrary<Void> {
        try PromptLibrary(files: [PromptFile(id: "a", path: "a.md", text: "---\ntools: \(tools)\n---\nHelp.")], parts: parts(servers))
    }

    @discardableResult
    private func parts(_ servers: [ToolSource<Void>]) throws -> PromptParts<Void> {
        try PromptParts(modules: [], servers: servers) { _ in ScriptedModel([]) }
    }
}
