import AgentTesting
import DatabaseFixtures
import Logging
import Persistence
import Synchronization
import Testing

@testable import Gateway

@Suite(.timeLimit(.minutes(5))) struct LeaseRenewalsTests {
    @Test func renewalsInTimeNeverMakeAProcessWait() {
        let start = ContinuousClock.now
        var renewals = LeaseRenewals(of: .seconds(3), since: start)
        for second in 0..<10 {
            renewals.note(at: start + .seconds(second))
            #expect(renewals.areUnbroken(at: start + .seconds(second)))
        }
    }

    @Test func afterAGapAWholeLeaseMustPass() {
        let start = ContinuousClock.now
        var renewals = LeaseRenewals(of: .seconds(3), since: start)
        for second in [0, 1, 4, 5, 6] {
            renewals.note(at: start + .seconds(second))
            #expect(renewals.areUnbroken(at: start + .seconds(second)) == (second < 4))
        }
        renewals.note(at: start + .seconds(7))
        #expect(renewals.areUnbroken(at: start + .seconds(7)))
    }

    @Test(arguments: Driver.all) func aProcessThatIsBackFirstLeavesTheOthersTimeToComeBack(on driver: Driver) async throws {
        try await withDatabase(on: driver) { database in
            let cutOff = try await ChatFixture(database, model: ScriptedModel(), process: ("cut off", .seconds(-60)))
            let ada = try await cutOff.user("ada")
            let here = try await ChatFixture(database, model: ScriptedModel(), process: ("here", nil))
            let (clock, start, passed) = (ManualClock(), ContinuousClock.now, Passed())
            let recovery = RunRecovery(
                service: here.service, instances: InstanceStore(database: database), clock: clock,
                logger: Logger(label: "chat") { _ in SwiftLogNoOpLogHandler() }
            ) { start + .seconds(passed.seconds.withLock { $0 }) }
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await recovery.run() }
                await clock.untilSleeping()
                _ = try await cutOff.service.accept(ChatMessage(text: "hello"), from: ada)
                let run = try await ChatFixture.run(of: ada, in: database)
                for (seconds, isTaken) in [(10, false), (1, false), (1, false), (1, true)] {
                    passed.seconds.withLock { $0 += seconds }
                    clock.advance(by: .seconds(1))
                    await clock.untilSleeping()
                    #expect((here.supervisor.live(run) != nil) == isTaken)
                }
                group.cancelAll()
            }
        }
    }

    private final class Passed: Sendable {
        let seconds = Mutex(0)
    }
}
