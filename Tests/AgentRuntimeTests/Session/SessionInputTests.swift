import AgentRuntime
import AgentTesting
import Testing

/// What a run begins with when it has a session.
@Suite(.timeLimit(.minutes(5)), .eitherMode) struct SessionInputTests {
    private let agent = Agent<Void>.stub()
    private let kept: [Item] = [.user("1"), .assistant("2"), .user("3"), .assistant("4")]

    private func play(
        _ session: any Session,
        input: [Item] = [.user("new")],
        limit: Int? = nil,
        merge: (@Sendable ([Item], [Item]) async throws -> [Item])? = nil
    ) async throws -> [Item] {
        var config = RunConfig<Void>()
        if let limit { config.sessionSettings = SessionSettings(limit: limit) }
        config.sessionInputCallback = merge
        let (runner, model) = Runner.scripted(.text("Done"))
        _ = try await runner.run(agent, input: input, context: (), config: config, session: session)
        return try #require(model.requests.first).input
    }

    @Test func m141_whatTheFunctionGivesIsSeenAndOnlyWhatIsNewIsSaved() async throws {
        let session = TextSession(kept)
        let seen = try await play(session) { history, new in [.user("added")] + new + history.suffix(2).reversed() }
        #expect(seen == [.user("added"), .user("new"), .assistant("4"), .user("3")])
        #expect(session.appends == [[.user("added"), .user("new")], [.assistant("Done")]])
    }

    @Test func m141_equalTextsAreNewAsOftenAsTheyWereSaid() async throws {
        let session = TextSession(kept)
        _ = try await play(session, input: [.user("1")]) { history, new in history + new }
        #expect(session.appends == [[.user("1")], [.assistant("Done")]])
        let dropping = TextSession(kept)
        let seen = try await play(dropping, input: [.user("1"), .user("5")]) { history, new in history + new.dropFirst() }
        #expect(seen == kept + [.user("5")])
        #expect(dropping.appends == [[.user("1"), .user("5")], [.assistant("Done")]])
    }

    @Test func m141_theInputFollowsTheHistoryWithoutAFunction() async throws {
        #expect(try await play(TextSession(kept), input: [.user("5"), .user("6")]) == kept + [.user("5"), .user("6")])
    }

    @Test func m142_aFunctionThatFailsLeavesEverythingAsItWas() async throws {
        struct Unmerged: Error {}
        let session = TextSession(kept)
        await #expect(throws: RunError.failed("Unmerged()")) { try await play(session) { _, _ in throw Unmerged() } }
        #expect(session.appends.isEmpty)
    }

    @Test func m142_nothingIsMergedWithAnEmptySession() async throws {
        #expect(try await play(TextSession()) { _, _ in [] } == [.user("new")])
    }

    @Test func whatWasMergedIsNotMergedAgainWhenTheRunGoesOn() async throws {
        var config = RunConfig<Void>()
        config.sessionInputCallback = { history, new in history.suffix(1) + new }
        let session = TextSession(kept)
        let full = InMemoryRunLog()
        let (runner, _) = Runner.scripted(.text("Done"))
        _ = try await runner.run(agent, input: "new", context: (), config: config, session: session, log: full)
        let expected = try await session.items()
        config.sessionInputCallback = { _, _ in [.user("again")] }
        for count in 1...full.records.count {
            let prefix = Array(full.records.prefix(count))
            let session = TextSession(kept)
            let (again, model) = Runner.scripted(.text("Done"))
            _ = try await again.run(agent, input: "new", context: (), config: config, session: session, log: InMemoryRunLog(prefix: prefix))
            #expect(model.requests.allSatisfy { $0.input == [.assistant("4"), .user("new")] })
            if prefix.last?.event.isTerminal == false { #expect(try await session.items() == expected) }
        }
    }

    @Test(arguments: [(0, 0), (1, 1), (3, 3), (4, 4), (9, 4), (-1, 0)]) func m143_theNewestAsManyAsTheLimitSays(limit: Int, count: Int) async throws {
        #expect(try await play(TextSession(kept), limit: limit) == kept.suffix(count) + [.user("new")])
    }

    @Test func m143_anExplicitLimitBeatsTheSettingsAndTheRunBeatsTheSession() async throws {
        let session = InMemorySession(kept, settings: SessionSettings(limit: 1))
        #expect(try await session.items(limit: nil) == kept.suffix(1))
        #expect(try await session.items(limit: 3) == kept.suffix(3))
        #expect(try await session.count() == 4)
        #expect(try await play(session, limit: 2) == kept.suffix(2) + [.user("new")])
        let unlimited = InMemorySession(kept, settings: SessionSettings(limit: 1))
        #expect(try await play(unlimited) == kept.suffix(1) + [.user("new")])
    }

    @Test func m144_anOutputWhoseCallIsBeyondTheLimitIsNotSeen() async throws {
        let kept: [Item] = [.user("Hi"), .call("add", "{}", id: "a"), .output("done", of: "a"), .assistant("Hello")]
        #expect(try await play(TextSession(kept), limit: 2) == [.assistant("Hello"), .user("new")])
        #expect(try await play(TextSession(kept), limit: 3) == kept.suffix(3) + [.user("new")])
    }

    @Test func theLimitHoldsWhenTheRunGoesOn() async throws {
        var config = RunConfig<Void>()
        config.sessionSettings = SessionSettings(limit: 2)
        let agent = Agent<Void>.stub(tools: [.stub("add")])
        let session = TextSession(kept)
        let log = InMemoryRunLog()
        let (runner, _) = Runner.scripted(.call("add"), .error(CancellationError()))
        _ = try? await runner.run(agent, input: "new", context: (), config: config, session: session, log: log)
        let (again, model) = Runner.scripted(.text("Done"))
        _ = try await again.run(agent, input: "new", context: (), config: config, session: session, log: InMemoryRunLog(prefix: log.records))
        #expect(model.requests.first?.input == kept.suffix(2) + [.user("new"), .call("add", "{}", id: "call_1"), .output("done", of: "call_1")])
        #expect(session.appends.map(\.count) == [1, 2, 1])
    }

    @Test func m145_callsWithoutOutputsAndOutputsWithoutCallsAreNotSeen() async throws {
        let kept: [Item] = [
            .output("lost", of: "x"), .user("Hi"), .call("add", "{}", id: "a"), .call("add", "[]", id: "b"), .output("done", of: "b"),
            .assistant("Hello"), .output("newer", of: "b"),
        ]
        #expect(
            try await play(TextSession(kept)) == [
                .user("Hi"), .call("add", "[]", id: "b"), .output("newer", of: "b"), .assistant("Hello"), .user("new"),
            ])
    }

    @Test func m145_anInputMayAnswerACallOfTheSession() async throws {
        let kept: [Item] = [.user("Hi"), .call("add", "{}", id: "a")]
        #expect(try await play(TextSession(kept), input: [.output("done", of: "a")]) == kept + [.output("done", of: "a")])
    }
}
