import Logging
import Persistence
import ServiceLifecycle

/// Says that this process is alive, takes up runs whose process is not, and hears of runs that were stopped or taken elsewhere.
struct RunRecovery: Service {
    let service: ChatService
    let instances: InstanceStore
    let clock: any Clock<Duration>
    let logger: Logger
    var now: @Sendable () -> ContinuousClock.Instant = { ContinuousClock.now }

    /// Throws `TakenPlace` when a later start has the place of this one, which must write no more.
    func run() async throws {
        try await untilGracefulShutdown {
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await keepUp() }
                group.addTask { for await _ in instances.hints(of: service.instance) { await leaveMoved() } }
                try await group.waitForAll()
            }
        }
        await release()
    }

    private func keepUp() async throws {
        var renewals = LeaseRenewals(of: service.limits.lease, since: now())
        while true {
            let isRenewed = try await renew()
            if isRenewed { renewals.note(at: now()) }
            await leaveMoved()
            await takeUpAbandoned(ofOthers: isRenewed && renewals.areUnbroken(at: now()))
            try await clock.sleep(for: .seconds(1))
        }
    }

    /// False when it is not known whether the lease was renewed.
    private func renew() async throws -> Bool {
        let isOurs: Bool
        do {
            isOurs = try await instances.renew(service.instance, lease: service.limits.lease)
        } catch {
            logger.error("the lease could not be renewed", metadata: ["error": "\(error)"])
            return false
        }
        guard isOurs else { throw TakenPlace() }
        return true
    }

    private func leaveMoved() async {
        do {
            try await service.leaveMoved()
        } catch {
            logger.error("it is not known which runs were stopped or taken elsewhere", metadata: ["error": "\(error)"])
        }
    }

    /// Those who take up what is left need not wait for the end of the lease.
    private func release() async {
        do {
            try await instances.release(service.instance)
        } catch {
            logger.error("the lease could not be given back", metadata: ["error": "\(error)"])
        }
    }

    private func takeUpAbandoned(ofOthers: Bool) async {
        do {
            try await service.takeUpAbandoned(ofOthers: ofOthers)
        } catch {
            logger.error("runs could not be taken up", metadata: ["error": "\(error)"])
        }
    }
}

/// Another process was started in the place of this one.
struct TakenPlace: Error, CustomStringConvertible {
    let description = "Another gateway was started on this database in the place of this one, which therefore ends."
}
