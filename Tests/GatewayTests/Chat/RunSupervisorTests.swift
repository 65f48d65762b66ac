import AgentRuntime
import DatabaseFixtures
import Logging
import Testing

@testable import Gateway

@Suite struct RunSupervisorTests {
    private let supervisor = RunSupervisor(
        limits: ChatLimits(), clock: StoppedClock(), logger: Logger(label: "chat") { _ in SwiftLogNoOpLogHandler() })

    @Test func aRunThatIsThereAlreadyGivesWayToALaterAttempt() {
        let (first, second) = (run(attempt: 0), run(attempt: 1))
        #expect(supervisor.start(first) {} === first)
        #expect(supervisor.start(second) {} === second)
        #expect(first.cancellation.reason == .moved)
        #expect(supervisor.live("r") === second)
    }

    @Test func aRunThatHasWaitedGoesOnInTheSameAttempt() {
        let (asking, decided) = (run(attempt: 1), run(attempt: 1))
        #expect(supervisor.start(asking) {} === asking)
        #expect(supervisor.start(decided) {} === decided)
        #expect(asking.cancellation.reason == .moved)
    }

    @Test func anAttemptThatWasLostIsNotBegunBesideTheLaterOne() {
        let (lost, later) = (run(attempt: 0), run(attempt: 1))
        #expect(supervisor.start(later) {} === later)
        #expect(supervisor.start(lost) {} === later)
        #expect(later.cancellation.reason == nil)
        #expect(supervisor.live("r") === later)
    }

    private func run(attempt: Int) -> LiveRun {
        LiveRun(id: "r", conversation: "c", owner: "o", attempt: attempt, records: [])
    }
}
