import Logging
import Persistence

/// Who takes up the runs of a process that goes down.
struct Succession: Sendable {
    let instances: InstanceStore
    let instance: Instance
    let logger: Logger

    /// From here on no other process counts on this one.
    func withdraw() async {
        do {
            try await instances.withdraw(instance)
        } catch is CancellationError {
        } catch {
            logger.error("other processes may leave their runs to this one, which is going down", metadata: ["error": "\(error)"])
        }
    }

    /// False also while nobody can tell: what is ended can be tried again, what is left to nobody is lost to its readers.
    func hasSuccessor() async -> Bool {
        (try? await instances.hasOthers(than: instance)) ?? false
    }
}
