import Logging
import Persistence
import ServiceLifecycle

/// Says that this process is alive, and takes up runs whose process is not.
struct RunRecovery: Service {
    let service: ChatService
    let instances: InstanceStore
    let clock: any Clock<Duration>
    let logger: Logger

    /// Throws `TakenPlace` when a later start has the place of this one, which must write no more.
    func run() async throws {
        do {
            try await cancelWhenGracefulShutdown {
                while true {
                    try await renew()
                    await takeUpAbandoned()
                    try await clock.sleep(for: .seconds(1))
                }
            }
        } catch is CancellationError {}
    }

    private func renew() async throws {
        let isOurs: Bool
        do {
            isOurs = try await instances.renew(service.instance, lease: service.limits.lease)
        } catch {
            return logger.error("the lease could not be renewed", metadata: ["error": "\(error)"])
        }
        guard isOurs else { throw TakenPlace() }
    }

    private func takeUpAbandoned() async {
        do {
            try await service.takeUpAbandoned()
        } catch {
            logger.error("runs could not be taken up", metadata: ["error": "\(error)"])
        }
    }
}

/// Another process was started in the place of this one.
struct TakenPlace: Error, CustomStringConvertible {
    let description = "Another gateway was started on this database in the place of this one, which therefore ends."
}
