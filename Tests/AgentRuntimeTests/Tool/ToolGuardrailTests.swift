import AgentRuntime
import AgentTesting
import Testing

/// agents-sdk, tool guardrails.
@Suite(.timeLimit(.minutes(5)), .eitherMode) struct ToolGuardrailTests {
    private let trace = Trace()

    private func results(
        _ arguments: String = "{}", input: [ToolInputGuardrail<Void>] = [], output: [ToolOutputGuardrail<Void>] = []
    ) async throws -> [ToolResult] {
        var tool = trace.tool("add")
        tool.inputGuardrails = input
        tool.outputGuardrails = output
        let log = InMemoryRunLog()
        _ = try await Runner(testing: ScriptedModel(.call("add", arguments), .text("Done")))
            .run(.stub(tools: [tool]), input: "Hi", context: (), log: log)
        return log.records.compactMap { if case .toolResult(let result) = $0.event { result } else { nil } }
    }

    private func input(_ name: String, _ verdict: ToolGuardrailVerdict) -> ToolInputGuardrail<Void> {
        ToolInputGuardrail(name) { [trace] call, _ in
            trace.note("\(name) \(call.arguments)")
            return verdict
        }
    }

    private func output(_ name: String, _ verdict: ToolGuardrailVerdict) -> ToolOutputGuardrail<Void> {
        ToolOutputGuardrail(name) { [trace] result, _, _ in
            trace.note("\(name) \(result.output)")
            return verdict
        }
    }

    @Test func t88_theyLookInOrderAroundTheCall() async throws {
        let results = try await results(input: [input("a", .allow), input("b", .allow)], output: [output("c", .allow)])
        #expect(trace.notes == ["a {}", "b {}", "add", "add ended", "c add says {}"])
        #expect(results.map(\.output) == ["add says {}"])
    }

    @Test func t88_aRejectedCallIsNotMadeAndTheModelReadsWhy() async throws {
        let results = try await results(input: [input("a", .reject("Not now.")), input("b", .allow)], output: [output("c", .allow)])
        #expect(trace.notes == ["a {}"])
        #expect(results.map(\.output) == ["Not now."])
        #expect(results.map(\.status) == [.rejected])
    }

    @Test func t88_aRejectedOutputIsReplaced() async throws {
        let results = try await results(output: [output("a", .reject("Withheld.")), output("b", .allow)])
        #expect(results.map(\.output) == ["Withheld."])
        #expect(trace.notes.last == "a add says {}")
    }

    @Test func t88_eitherCanEndTheRun() async throws {
        await #expect(throws: RunError.toolGuardrailTripped("a", "never")) { try await results(input: [input("a", .raise("never"))]) }
        #expect(trace.notes == ["a {}"])
        await #expect(throws: RunError.toolGuardrailTripped("b", "never")) { try await results(output: [output("b", .raise("never"))]) }
    }

    @Test func t90_theyLookAtArgumentsThatAreNoJSON() async throws {
        _ = try await results("{", input: [input("a", .allow)])
        #expect(trace.notes.first == "a {")
    }
}
