import Logging
import Persistence
import ServiceLifecycle

/// Ends what goes on in the name of those who lost their access, on whatever replica or command line that was decided: the streams of sessions
/// and API tokens that have ended, and the runs of accounts that are disabled or gone.
struct AccessWatch: Service {
    /// With what else it takes, everything has ended within five seconds.
    static let interval = Duration.seconds(2)
    private static let batch = 500

    let sessions: SessionStore
    let tokens: APITokenStore
    let users: UserStore
    let supervisor: RunSupervisor
    let clock: any Clock<Duration>
    let logger: Logger

    func run() async throws {
        try await clock.repeatUntilGracefulShutdown(after: Self.interval, every: Self.interval) {
            do { try await look() } catch let error as StoreError {
                logger.warning("who still has access could not be asked", metadata: ["error": "\(error)"])
            }
        }
    }

    func look() async throws {
        for open in supervisor.streams.sessions.batches(of: Self.batch) {
            let others = Set(open).subtracting(try await sessions.live(among: open))
            supervisor.streams.end(others.subtracting(try await tokens.live(among: Array(others))))
        }
        for owners in supervisor.owners.batches(of: Self.batch) {
            supervisor.stop(runsOf: Set(owners).subtracting(try await users.active(among: owners)))
        }
    }
}

extension Set<String> {
    fileprivate func batches(of size: Int) -> [[String]] {
        let all = Array(self)
        return stride(from: 0, to: all.count, by: size).map { Array(all[$0..<Swift.min($0 + size, all.count)]) }
    }
}
