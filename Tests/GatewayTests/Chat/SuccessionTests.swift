import AgentTesting
import DatabaseFixtures
import Logging
import Persistence
import ServiceLifecycle
import Testing

@testable import Gateway

/// What becomes of the runs of a process that goes down.
@Suite(.timeLimit(.minutes(5))) struct SuccessionTests {
    /// Who else has the database open.
    enum Neighbour: CaseIterable {
        case nobody, gateway, terminal, gatewayThatGoesDown
    }

    private let logger = Logger(label: "chat") { _ in SwiftLogNoOpLogHandler() }

    @Test(arguments: Driver.all, Neighbour.allCases)
    func runsAreLeftOnlyToAProcessThatTakesThemUp(on driver: Driver, neighbour: Neighbour) async throws {
        try await withDatabase(on: driver) { database in
            let instances = InstanceStore(database: database)
            try await start(neighbour, instances)
            let here = try await instances.start("here", lease: .seconds(60))
            let clock = ManualClock()
            let limits = ChatLimits()
            let supervisor = RunSupervisor(
                limits: limits, clock: clock, logger: logger, succession: Succession(instances: instances, instance: here, logger: logger))
            let run = LiveRun(id: "r", conversation: "c", owner: "o", attempt: 0, records: [])
            let carrier = supervisor.start(run) { try? await Gate().wait() }
            #expect(carrier === run)
            let services = ServiceGroup(configuration: ServiceGroupConfiguration(services: [supervisor], logger: logger))
            async let end: Void = services.run()
            // The heartbeat and the limit of the run.
            await clock.untilSleeping(2)
            await services.triggerGracefulShutdown()
            await clock.untilSleeping(3)
            #expect(run.cancellation.reason == nil)
            clock.advance(by: limits.shutdownGrace)
            try await end
            #expect(run.cancellation.reason == (neighbour == .gateway ? .moved : .shutdown))
            // It did not wait to be asked.
            let other = try await instances.start("other", takesUpRuns: false)
            #expect(try await instances.hasOthers(than: other) == (neighbour == .gateway))
        }
    }

    private func start(_ neighbour: Neighbour, _ instances: InstanceStore) async throws {
        switch neighbour {
        case .nobody: break
        case .gateway: _ = try await instances.start("there", lease: .seconds(60))
        case .terminal: _ = try await instances.start("there", lease: .seconds(60), takesUpRuns: false)
        case .gatewayThatGoesDown:
            let there = try await instances.start("there", lease: .seconds(60))
            await Succession(instances: instances, instance: there, logger: logger).withdraw()
            #expect(try await instances.renew(there, lease: .seconds(60)))
        }
    }
}
