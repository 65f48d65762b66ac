import Persistence
import Synchronization

/// The requests with an `Idempotency-Key` that are under way in this process: a repetition beside the first is told to wait.
///
/// Of two processes the later waits in the database for the answer of the first.
final class KeyedRequests: Sendable {
    private struct Name: Hashable {
        let owner: String
        let key: String
    }

    private let names = Mutex<Set<Name>>([])

    /// Throws `Problem` while the same key of the same person is under way. Without a key there is nothing to wait for.
    func perform<T>(_ key: String?, of user: User, _ body: () async throws -> T) async throws -> T {
        guard let key else { return try await body() }
        let name = Name(owner: user.id, key: key)
        guard names.withLock({ $0.insert(name).inserted }) else {
            throw Problem(.conflict, "The request with this Idempotency-Key is still under way. Send it again for its answer.")
        }
        defer { names.withLock { _ = $0.remove(name) } }
        return try await body()
    }
}
