import AgentRuntime
import AgentTesting
import Testing

/// What a session holds after a run: agents-sdk, sessions.
@Suite(.timeLimit(.minutes(1))) struct SessionTests {
    private let pair: [Item] = [.call("add", "{}", id: "call_1"), .output("done", of: "call_1")]
    private let agent = Agent<Void>.stub(tools: [.stub("add")])

    private func session(after steps: ScriptedModel.Step..., agent: Agent<Void>, limits: RunLimits = RunLimits(), fails: Bool = true) async -> [Item]
    {
        let session = InMemorySession()
        do {
            _ = try await Runner(model: ScriptedModel(steps), limits: limits).run(agent, input: "Hi", context: (), session: session)
            #expect(!fails)
        } catch {
            #expect(fails)
        }
        return await session.items()
    }

    @Test func everythingOfARunThatWentWell() async {
        #expect(await session(after: .call("add"), .text("Done"), agent: agent, fails: false) == [.user("Hi")] + pair + [.assistant("Done")])
    }

    @Test func itIsTheHistoryOfTheNextRun() async throws {
        let session = InMemorySession([.user("Hi"), .assistant("Hello")])
        let (runner, model) = Runner.scripted(.text("Again"))
        let result = try await runner.run(agent, input: "And?", context: (), session: session)
        #expect(model.requests.first?.input == [.user("Hi"), .assistant("Hello"), .user("And?")])
        #expect(result.newItems == [.assistant("Again")])
        #expect(await session.items() == [.user("Hi"), .assistant("Hello"), .user("And?"), .assistant("Again")])
    }

    @Test func theMessageAloneWhenTheModelFailed() async {
        #expect(await session(after: .error(ModelError.contentFiltered), agent: agent) == [.user("Hi")])
        #expect(await session(after: .stream([.textDelta("Hel")], error: ModelError.contentFiltered), agent: agent) == [.user("Hi")])
    }

    @Test func theMessageAloneWhenAGuardrailTripped() async {
        var guarded = agent
        guarded.inputGuardrails = [InputGuardrail("no") { _, _ in "no" }]
        #expect(await session(after: .text("Done"), agent: guarded) == [.user("Hi")])
        guarded.inputGuardrails = []
        guarded.outputGuardrails = [OutputGuardrail("no") { _, _ in "no" }]
        #expect(await session(after: .text("Done"), agent: guarded) == [.user("Hi")])
    }

    @Test func wholeTurnsBeforeAFailure() async {
        #expect(await session(after: .call("add"), .error(ModelError.contentFiltered), agent: agent) == [.user("Hi")] + pair)
    }

    @Test func allCompletedCallsWhenTheTurnsAreUsedUp() async {
        #expect(await session(after: .call("add"), agent: agent, limits: RunLimits(turns: 1)) == [.user("Hi")] + pair)
    }

    @Test func noCallWithoutItsOutput() async {
        #expect(await session(after: .call("add"), .call("add", id: "c2"), agent: agent, limits: RunLimits(toolCalls: 1)) == [.user("Hi")] + pair)
        struct Lost: RunEndingError {}
        let broken = Agent<Void>.stub(tools: [.stub("break") { _, _ in throw Lost() }])
        #expect(await session(after: .call("break"), agent: broken) == [.user("Hi")])
    }

    @Test func theTurnOfAHandoffIsWhole() async {
        let other = Agent<Void>.stub("Other", handoffs: [])
        let first = Agent<Void>.stub(handoffs: [Handoff(to: other)])
        #expect(
            await session(after: .call("transfer_to_other"), .error(ModelError.contentFiltered), agent: first) == [
                .user("Hi"), .call("transfer_to_other", "{}", id: "call_1"), .output(#"{"assistant":"Other"}"#, of: "call_1"),
            ])
    }

    @Test func theOutputOfAToolThatEndsTheRun() async {
        var stopping = agent
        stopping.toolUseBehavior = .stopOnFirstTool
        #expect(await session(after: .call("add"), agent: stopping, fails: false) == [.user("Hi")] + pair)
    }

    @Test func aSessionThatCannotBeWrittenFailsTheRun() async throws {
        struct Full: Error {}
        struct FullSession: Session {
            func items() async throws -> [Item] { [] }
            func append(_ items: [Item]) async throws { throw Full() }
        }
        let (runner, model) = Runner.scripted(.text("Done"))
        await #expect(throws: RunError.failed("Full()")) { try await runner.run(agent, input: "Hi", context: (), session: FullSession()) }
        #expect(model.requests.isEmpty)
    }
}
