import AgentRuntime
import AgentTesting
import Synchronization
import Testing

@Suite struct ChatTraceTests {
    /// Is told of everything, so that there are traces.
    private struct Listener: TracingProcessor {}

    @Test func theTracesOfAConversationAreOneGroup() async throws {
        let seen = Mutex<[Trace]>([])
        let step = ScriptedModel.Step.respond { _ in
            if let trace = Trace.current { seen.withLock { $0.append(trace) } }
            return .said("Hi.")
        }
        try await withChat(ScriptedModel(step, step, step), traces: TraceProvider(processors: [Listener()])) { _, ada in
            let first = try await ada.chat("one").first?["conversation_id"]?.string
            _ = try await ada.chat("two", in: first)
            let other = try await ada.chat("three").first?["conversation_id"]?.string
            #expect(seen.withLock { $0.map(\.groupID) } == [first, first, other])
            #expect(Set(seen.withLock { $0.map(\.id) }).count == 3)
            #expect(first != nil && other != nil && first != other)
        }
    }
}
