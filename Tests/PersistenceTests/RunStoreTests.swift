import AgentRuntime
import DatabaseFixtures
import Persistence
import Testing

@Suite struct RunStoreTests {
    @Test(arguments: Driver.all) func anAcceptedMessageIsStoredWithItsRunAndItsConversation(on driver: Driver) async throws {
        try await withStores(on: driver) { stores, ada, _ in
            let (run, log) = try await acceptedRun(stores, owner: ada.id)
            #expect((run.position, run.state, run.attempt, run.lastEventID) == (1, .running, 0, 1))
            #expect(try await stores.conversations.get(run.conversation, owner: ada.id).title == "Milk")
            let events = try await stores.runs.events(of: run.id, owner: ada.id)
            #expect(events == [RunRecord(id: 1, event: .start(RunStart(agent: "Assistant", input: [.user("Add milk")])))])
            #expect(try await log.stored() == events)
            #expect(try await stores.runs.active(of: run.conversation, owner: ada.id) == run)
        }
    }

    @Test(arguments: Driver.all) func aRunBelongsToItsOwner(on driver: Driver) async throws {
        try await withStores(on: driver) { stores, ada, _ in
            let bob = try await stores.users.create(email: .of("bob"), name: "Bob", passwordHash: "h")
            let (run, _) = try await acceptedRun(stores, owner: ada.id)
            #expect(try await stores.runs.run(run.id, owner: bob.id) == nil)
            #expect(try await stores.runs.events(of: run.id, owner: bob.id).isEmpty)
            #expect(try await stores.runs.runs(of: run.conversation, owner: bob.id).isEmpty)
            #expect(try await stores.runs.logs(of: run.conversation, owner: bob.id).isEmpty)
            #expect(try await stores.runs.active(of: run.conversation, owner: bob.id) == nil)
            await #expect { try await acceptedRun(stores, owner: bob.id, conversation: run.conversation) } throws: {
                if case .conversationNotFound = ($0 as? NotAccepted)?.acceptance { true } else { false }
            }
        }
    }

    @Test(arguments: Driver.all) func aSecondMessageWaitsForTheFirst(on driver: Driver) async throws {
        try await withStores(on: driver) { stores, ada, _ in
            let (run, log) = try await acceptedRun(stores, owner: ada.id)
            await #expect { try await acceptedRun(stores, owner: ada.id, conversation: run.conversation) } throws: {
                if case .busy(run.id) = ($0 as? NotAccepted)?.acceptance { true } else { false }
            }
            try await log.append(.done(RunOutput(output: "Done", usage: Usage()))).durable()
            let (second, _) = try await acceptedRun(stores, owner: ada.id, conversation: run.conversation)
            #expect(second.position == 2)
            #expect(try await stores.runs.runs(of: run.conversation, owner: ada.id).map(\.state) == [.completed, .running])
        }
    }

    @Test(arguments: Driver.all) func ofManyMessagesAtOnceOneIsAccepted(on driver: Driver) async throws {
        try await withStores(on: driver) { stores, ada, _ in
            let conversation = try await stores.conversations.create(owner: ada.id, title: "Milk")
            let instance = try await stores.instances.start("here")
            let accepted = await withTaskGroup(of: Bool.self) { group in
                for _ in 0..<20 {
                    group.addTask {
                        (try? await acceptedRun(stores, owner: ada.id, conversation: conversation.id, by: instance, activeLimit: 100)) != nil
                    }
                }
                return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
            }
            #expect(accepted == 1)
        }
    }

    @Test(arguments: Driver.all) func theDatabaseItselfAllowsOneActiveRunAConversation(on driver: Driver) async throws {
        try await withStores(on: driver) { stores, ada, _ in
            let (run, _) = try await acceptedRun(stores, owner: ada.id)
            await #expect {
                try await stores.database.write { transaction in
                    try transaction.execute(
                        """
                        INSERT INTO runs (id, conversation_id, owner, position, state, instance, epoch, agent, created_at, updated_at)
                        VALUES ('second', \(run.conversation), \(ada.id), 2, 'queued', 'x', 1, 'a', 0, 0)
                        """
                    )
                }
            } throws: {
                if case StoreError.constraint = $0 { true } else { false }
            }
        }
    }

    @Test(arguments: Driver.all) func aPersonHasOnlySoManyRunsUnderWay(on driver: Driver) async throws {
        try await withStores(on: driver) { stores, ada, _ in
            let (_, first) = try await acceptedRun(stores, owner: ada.id)
            _ = try await acceptedRun(stores, owner: ada.id)
            let before = try await stores.conversations.list(owner: ada.id).data.count
            await #expect { try await acceptedRun(stores, owner: ada.id) } throws: {
                if case .tooManyActive = ($0 as? NotAccepted)?.acceptance { true } else { false }
            }
            #expect(try await stores.conversations.list(owner: ada.id).data.count == before)
            try await first.end(with: .stopped)
            _ = try await acceptedRun(stores, owner: ada.id)
        }
    }

    @Test(arguments: Driver.all) func theSameRequestAgainIsTheSameRun(on driver: Driver) async throws {
        try await withStores(on: driver) { stores, ada, _ in
            let bob = try await stores.users.create(email: .of("bob"), name: "Bob", passwordHash: "h")
            let instance = try await stores.instances.start("here")
            func request(_ owner: String, _ hash: String) -> RunRequest {
                RunRequest(
                    owner: owner,
                    title: "Milk",
                    start: RunStart(agent: "Assistant", input: [.user("Add milk")]),
                    idempotency: RunRequest.Idempotency(key: "k", requestHash: hash)
                )
            }
            let outcomes = try await withThrowingTaskGroup(of: (String, Bool).self) { group in
                for _ in 0..<20 {
                    group.addTask {
                        switch try await stores.runs.accept(request(ada.id, "h"), by: instance) {
                        case .accepted(let run, _): (run.id, true)
                        case .existing(let run): (run.id, false)
                        case let other: throw NotAccepted(acceptance: other)
                        }
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(Set(outcomes.map(\.0)).count == 1)
            #expect(outcomes.count { $0.1 } == 1)
            guard case .keyMismatch = try await stores.runs.accept(request(ada.id, "other"), by: instance) else {
                Issue.record("another request under the same key")
                return
            }
            guard case .accepted = try await stores.runs.accept(request(bob.id, "other"), by: instance) else {
                Issue.record("keys are each person's own")
                return
            }
        }
    }

    @Test(arguments: Driver.all) func eventsAreReadFromACursorAndInParts(on driver: Driver) async throws {
        try await withStores(on: driver) { stores, ada, _ in
            let (run, log) = try await acceptedRun(stores, owner: ada.id)
            for number in 2...6 { _ = log.append(.delta("\(number)")) }
            try await log.append(.done(RunOutput(output: "x", usage: Usage()))).durable()
            #expect(try await stores.runs.events(of: run.id, owner: ada.id).map(\.id) == Array(1...7))
            #expect(try await stores.runs.events(of: run.id, owner: ada.id, after: 3, limit: 2).map(\.id) == [4, 5])
            #expect(try await stores.runs.events(of: run.id, owner: ada.id, after: .max, limit: .max).isEmpty)
            #expect(try await stores.runs.events(of: run.id, owner: ada.id, after: .min, limit: .min).map(\.id) == [1])
        }
    }

    @Test(arguments: Driver.all) func aConversationsLogsComeRunByRunWithTheTextOfThoseThatDidNotComplete(on driver: Driver) async throws {
        try await withStores(on: driver) { stores, ada, _ in
            let (first, log) = try await acceptedRun(stores, owner: ada.id)
            _ = log.append(.delta("Do"))
            try await log.append(.done(RunOutput(output: "Done", usage: Usage()))).durable()
            let (second, stopped) = try await acceptedRun(stores, owner: ada.id, conversation: first.conversation)
            _ = stopped.append(.delta("Do"))
            try await stopped.append(.stopped).durable()
            let logs = try await stores.runs.logs(of: first.conversation, owner: ada.id)
            #expect(logs.map(\.run.id) == [first.id, second.id])
            #expect(logs.map { $0.events.map(\.event.type) } == [["start", "done"], ["start", "stopped"]])
            let whole = try await stores.runs.logs(of: first.conversation, owner: ada.id, includingText: true)
            #expect(whole.map { $0.events.map(\.event.type) } == [["start", "done"], ["start", "delta", "stopped"]])
        }
    }

    @Test(arguments: Driver.all) func aNewStartMayTakeTheRunsOfItsPredecessorAndNoOthers(on driver: Driver) async throws {
        try await withStores(on: driver) { stores, ada, clock in
            let old = try await stores.instances.start("server")
            let other = try await stores.instances.start("terminal")
            let (left, log) = try await acceptedRun(stores, owner: ada.id, by: old)
            let (alive, _) = try await acceptedRun(stores, owner: ada.id, by: other)
            _ = log.append(.delta("never stored"))
            let new = try await stores.instances.start("server")
            #expect(new.epoch == old.epoch + 1)
            clock.advance(by: .seconds(86_400))
            let abandoned = try await stores.runs.abandoned(byOthersThan: new)
            #expect(abandoned.map(\.id) == [left.id])
            let taken = try #require(try await stores.runs.takeOver(abandoned[0], by: new))
            try await taken.end(with: .error(.interrupted))
            #expect(try await stores.runs.abandoned(byOthersThan: new).isEmpty)

            let ended = try #require(try await stores.runs.run(left.id, owner: ada.id))
            #expect((ended.state, ended.errorCode, ended.attempt) == (.interrupted, "interrupted", 1))
            let events = try await stores.runs.events(of: left.id, owner: ada.id)
            // In the next attempt's range: the old process may have given out any id of its own.
            #expect(events.map(\.id) == [1, 1_048_577, 1_048_578])
            #expect(events[1].event == .restart(turn: 1, attempt: 2))
            #expect(events.last?.event == .error(.interrupted))
            #expect(try await stores.runs.run(alive.id, owner: ada.id)?.state == .running)
            // The old process, if it still lives, can write no more.
            await #expect(throws: StoreError.claimLost(run: left.id)) { try await log.append(.stopped).durable() }
            await #expect(throws: StoreError.claimLost(run: left.id)) {
                try await stores.todos.todos(of: ada.id, claim: log.claim).add(title: "Milk", for: CallKey(run: left.id, turn: 1, index: 0))
            }
            #expect(try await stores.todos.todos(of: ada.id).list().data.isEmpty)
        }
    }

    @Test(arguments: Driver.all) func aLapsedLeaseFreesRunsAndARenewedOneKeepsThem(on driver: Driver) async throws {
        try await withStores(on: driver) { stores, ada, clock in
            let lease = Duration.seconds(3_000)
            let owner = try await stores.instances.start("a", lease: lease)
            let other = try await stores.instances.start("b")
            let (run, _) = try await acceptedRun(stores, owner: ada.id, by: owner)
            try await pass(.seconds(2_000))
            #expect(try await stores.instances.renew(owner, lease: lease))
            try await pass(.seconds(2_900))
            #expect(try await stores.runs.abandoned(byOthersThan: other).isEmpty)
            try await pass(.seconds(101))
            #expect(try await stores.runs.abandoned(byOthersThan: other).map(\.id) == [run.id])
            #expect(try await stores.runs.takeOver(run, by: other) != nil)
            #expect(try await stores.runs.abandoned(byOthersThan: other).isEmpty)
            _ = try await stores.instances.start("a")
            #expect(try await !stores.instances.renew(owner, lease: lease))

            /// A server's clock cannot be moved, but the leases can.
            func pass(_ time: Duration) async throws {
                clock.advance(by: time)
                guard driver == .postgres else { return }
                _ = try await stores.database.write { transaction in
                    try transaction.execute(
                        "UPDATE instances SET lease_until = lease_until - \(time.components.seconds * 1_000) WHERE lease_until < \(Int64.max)"
                    )
                }
            }
        }
    }

    @Test(arguments: Driver.all) func ofTwoThatTakeARunOverOneGetsItAndGoesOnBehindWhatIsStored(on driver: Driver) async throws {
        try await withStores(on: driver) { stores, ada, _ in
            let old = try await stores.instances.start("server")
            let (run, log) = try await acceptedRun(stores, owner: ada.id, by: old)
            _ = log.append(.delta("Hel"))
            try await log.flush()
            let new = try await stores.instances.start("server")
            let abandoned = try #require(try await stores.runs.abandoned(byOthersThan: new).first)
            async let one = stores.runs.takeOver(abandoned, by: new)
            async let two = stores.runs.takeOver(abandoned, by: new)
            let logs = try await [one, two].compactMap(\.self)
            #expect(logs.count == 1)
            let taken = try #require(logs.first)
            #expect(try await taken.stored().map(\.id) == [1, 2, 1_048_577])
            // The run is still under way and nothing was appended yet, but the former owner is out.
            let lost = StoreError.claimLost(run: run.id)
            await #expect(throws: lost) {
                try await stores.todos.todos(of: ada.id, claim: log.claim).add(title: "Milk", for: CallKey(run: run.id, turn: 1, index: 0))
            }
            await #expect(throws: lost) { try await log.append(.delta("lo")).durable() }
            await #expect(throws: lost) { try await log.end(with: .stopped) }
            try await taken.append(.done(RunOutput(output: "Hello", usage: Usage()))).durable()
            #expect(try await stores.runs.events(of: run.id, owner: ada.id).map(\.id) == [1, 2, 1_048_577, 1_048_578])
        }
    }

    @Test(arguments: Driver.all) func aLeaseThatIsGivenBackFreesRunsAtOnce(on driver: Driver) async throws {
        try await withStores(on: driver) { stores, ada, _ in
            let owner = try await stores.instances.start("a", lease: .seconds(3_000))
            #expect(try await !stores.instances.hasOthers(than: owner))
            let other = try await stores.instances.start("b", lease: .seconds(3_000))
            #expect(try await stores.instances.hasOthers(than: owner))
            let (run, _) = try await acceptedRun(stores, owner: ada.id, by: owner)
            #expect(try await stores.runs.takeOver(run, by: other) == nil)
            try await stores.instances.release(owner)
            #expect(try await !stores.instances.hasOthers(than: other))
            #expect(try await stores.runs.abandoned(byOthersThan: other).map(\.id) == [run.id])
            #expect(try await stores.runs.takeOver(run, by: other) != nil)
        }
    }

    @Test(arguments: Driver.all) func theTimeOfEarlierAttemptsCountsAndWhatLiesBetweenThemDoesNot(on driver: Driver) async throws {
        try await withStores(on: driver) { stores, ada, clock in
            var (run, log) = try await acceptedRun(stores, owner: ada.id, by: try await stores.instances.start("server"))
            #expect((log.timeUsed, log.restarts) == (.zero, 0))
            for attempt in 1...3 {
                clock.advance(by: .seconds(40))
                try await log.append(.reasoning("Hm")).durable()
                clock.advance(by: .seconds(9_000))
                let again = try await stores.instances.start("server")
                log = try #require(try await stores.runs.takeOver(run, by: again))
                run = try #require(try await stores.runs.run(run.id, owner: ada.id))
                #expect((log.timeUsed, log.restarts) == (.seconds(40 * attempt), attempt))
            }
        }
    }

    @Test(arguments: Driver.all) func aRunThatFailedForAPassingReasonIsOpenedAgainAndNoOther(on driver: Driver) async throws {
        try await withStores(on: driver) { stores, ada, _ in
            let bob = try await stores.users.create(email: .of("bob"), name: "Bob", passwordHash: "h")
            let here = try await stores.instances.start("here")
            func reopen(_ conversation: String, owner: String? = nil, limit: Int = 2) async throws -> RunReopening {
                try await stores.runs.reopen(conversation, owner: owner ?? ada.id, by: here, activeLimit: limit)
            }
            let (run, log) = try await acceptedRun(stores, owner: ada.id, by: here)
            guard case .busy(run.id) = try await reopen(run.conversation) else { throw Unexpected() }
            try await log.end(with: .error(.interrupted))
            guard case .conversationNotFound = try await reopen(run.conversation, owner: bob.id) else { throw Unexpected() }
            guard case .tooManyActive = try await reopen(run.conversation, limit: 0) else { throw Unexpected() }
            guard case .reopened(let again, let second) = try await reopen(run.conversation) else { throw Unexpected() }
            #expect((again.id, again.state, again.attempt, again.errorCode) == (run.id, .running, 1, nil))
            #expect(second.restarts == 0)
            #expect(try await second.stored().map(\.event.type) == ["start", "error", "restart"])
            try await second.append(.error(RunFailure(.modelRefused, "No."))).durable()
            guard case .nothingToResume = try await reopen(run.conversation) else { throw Unexpected() }
            let (next, third) = try await acceptedRun(stores, owner: ada.id, conversation: run.conversation, by: here)
            try await third.append(.done(RunOutput(output: "Done", usage: Usage()))).durable()
            guard case .nothingToResume = try await reopen(next.conversation) else { throw Unexpected() }
        }
    }

    private struct Unexpected: Error {}

    @Test(arguments: Driver.all) func anInstanceTakesTheSameAttemptOnce(on driver: Driver) async throws {
        try await withStores(on: driver) { stores, ada, _ in
            let (run, _) = try await acceptedRun(stores, owner: ada.id, by: try await stores.instances.start("server"))
            let instance = try await stores.instances.start("server")
            #expect(try await stores.runs.takeOver(run, by: instance) != nil)
            #expect(try await stores.runs.takeOver(run, by: instance) == nil)
            #expect(try await stores.runs.run(run.id, owner: ada.id)?.attempt == 1)
        }
    }
}
