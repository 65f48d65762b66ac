import Logging
import Persistence
import ServiceLifecycle

/// Stores when API tokens were used, many at a time.
struct APITokenUseRecorder: Service {
    static let interval = Duration.seconds(5)

    let uses: APITokenUses
    let store: APITokenStore
    let clock: any Clock<Duration>
    let logger: Logger

    func run() async throws {
        try await clock.repeatUntilGracefulShutdown(after: Self.interval, every: Self.interval) { await record() }
    }

    /// What cannot be stored now is noted again at the next use.
    func record() async {
        do {
            try await store.noteUse(of: uses.take())
        } catch {
            logger.warning("the use of API tokens could not be stored", metadata: ["error": "\(error)"])
        }
    }
}
