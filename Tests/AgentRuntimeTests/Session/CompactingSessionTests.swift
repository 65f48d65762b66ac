import AgentTesting
import Testing

@testable import AgentRuntime

/// A session that sums up its older turns.
@Suite(.timeLimit(.minutes(5))) struct CompactingSessionTests {
    private let kept: [Item] = [.user("1"), .assistant("2"), .user("3"), .assistant("4")]
    private let summary = Item.assistant("Summary of the conversation so far:\nShort")

    private func session(_ inner: any Session, threshold: Int = 10, _ steps: ScriptedModel.Step...) -> CompactingSession {
        CompactingSession(inner, summarizer: Summarizer(model: ScriptedModel(steps)), threshold: threshold)
    }

    @Test func m156_nothingHappensBelowTheThreshold() async throws {
        let inner = InMemorySession(kept)
        let session = session(inner, threshold: 3)
        #expect(try await session.compact() == false)
        #expect(await inner.items() == kept)
    }

    @Test func m156_atTheThresholdAllBeforeTheNewestMessageIsSummedUp() async throws {
        let inner = InMemorySession(kept)
        let session = session(inner, threshold: 2, .text("Short"))
        #expect(try await session.compact())
        #expect(await inner.items() == [summary, .user("3"), .assistant("4")])
        #expect(try await session.compact() == false)
    }

    @Test func m156_itCanBeForced() async throws {
        let inner = InMemorySession(kept)
        #expect(try await session(inner, .text("Short")).compact(isForced: true))
        #expect(await inner.items() == [summary, .user("3"), .assistant("4")])
        #expect(try await session(inner).compact(isForced: true) == false)
    }

    @Test func m156_afterARunThatEndedWithOutputsOfToolsItWaitsForTheNext() async throws {
        let inner = InMemorySession(kept)
        let session = session(inner, threshold: 3, .text("Short"))
        var stopping = Agent<Void>.stub(tools: [.stub("add")])
        stopping.toolUseBehavior = .stopOnFirstTool
        _ = try await Runner.scripted(.call("add")).0.run(stopping, input: "Add", context: (), session: session)
        let items = kept + [.user("Add"), .call("add", "{}", id: "call_1"), .output("done", of: "call_1")]
        #expect(await inner.items() == items)
        _ = try await Runner.scripted(.text("Yes")).0.run(stopping, input: "More", context: (), session: session)
        #expect(await inner.items() == [summary, .user("More"), .assistant("Yes")])
    }

    @Test func m156_aSummaryThatFailsLeavesTheRunAndTheSessionAsTheyAre() async throws {
        for step in [ScriptedModel.Step.error(ModelError.contentFiltered), .error(CancellationError()), .text("")] {
            let inner = InMemorySession(kept)
            let session = session(inner, threshold: 1, step)
            let result = try await Runner.scripted(.text("Yes")).0.run(Agent<Void>.stub(), input: "More", context: (), session: session)
            #expect(result.output == "Yes")
            #expect(await inner.items() == kept + [.user("More"), .assistant("Yes")])
            await #expect(throws: (any Error).self) { try await session.compact() }
        }
    }

    @Test func m156_aStoreThatFailsOrIsCancelledGetsItsItemsBack() async throws {
        let broken = TextSession(kept, failures: [0])
        await #expect(throws: TextSession.Full.self) { try await session(broken, threshold: 1, .text("Short")).compact() }
        #expect(try await broken.items() == kept)
        let cancelled = TextSession(kept)
        await #expect(throws: CancellationError.self) {
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    withUnsafeCurrentTask { $0?.cancel() }
                    try await cancelled.replaceOldest(2, with: [summary])
                }
                try await group.waitForAll()
            }
        }
        #expect(try await cancelled.items() == kept)
    }

    @Test func m156_whatIsWrittenMeanwhileStays() async throws {
        let inner = InMemorySession(kept)
        let session = session(
            inner, threshold: 1,
            .respond { _ in
                await inner.append([.user("5")])
                return .said("Short")
            })
        #expect(try await session.compact())
        #expect(await inner.items() == [summary, .user("3"), .assistant("4"), .user("5")])
        let cleared = InMemorySession(kept)
        let late = self.session(
            cleared, threshold: 1,
            .respond { _ in
                await cleared.clear()
                return .said("Short")
            })
        #expect(try await late.compact() == false)
        #expect(await cleared.items().isEmpty)
    }
}
