import AgentRuntime
import AgentTesting
import Testing

/// agents-sdk, prompts that the provider keeps.
@Suite(.timeLimit(.minutes(5))) struct AgentPromptTests {
    private struct Broken: Error {}

    @Test func l29_aPromptReachesTheModelAndIsChosenAnewForEachCall() async throws {
        var agent = Agent<String>(name: "A", tools: [.stub("add")])
        agent.prompt = { run in HostedPrompt(id: "pmpt_1", version: "\(run.turn)", variables: ["name": .string(run.value)]) }
        let run = try await inBothModes { try await $0.run(agent, context: "Ann", model: [.call("add"), .text("Done")]) }
        #expect(run.requests.map(\.prompt) == ["0", "1"].map { HostedPrompt(id: "pmpt_1", version: $0, variables: ["name": "Ann"]) })
        #expect(run.requests.map(\.instructions) == [nil, nil])
    }

    @Test func l29_aPromptThatFailsCancelsTheInstructions() async throws {
        let run = await inBothModes(throwing: RunError.failed("Broken()")) { mode in
            let (begun, never) = (Gate(), Gate())
            var agent = Agent<Void>(
                name: "A",
                instructions: Instructions { [trace = mode.trace] _ in
                    begun.open()
                    do { try await never.wait() } catch { trace.note("cancelled") }
                    return ""
                })
            agent.prompt = { _ in
                try await begun.wait()
                throw Broken()
            }
            try await mode.run(agent)
        }
        #expect(run.requests.isEmpty)
        #expect(run.notes == ["cancelled"])
    }
}
