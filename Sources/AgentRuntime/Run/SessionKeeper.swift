import Synchronization

/// Keeps a session in step with a run: the input at once, then each turn when it is whole.
final class SessionKeeper: Sendable {
    let history: [Item]
    private let session: (any Session)?
    private let savedItems = Mutex(0)

    init(_ session: (any Session)?, history: [Item]) async throws {
        self.session = session
        self.history = try await (session?.items() ?? []) + history
    }

    func saveInput(_ input: [Item]) async throws {
        try await session?.append(input)
    }

    /// Saves the items that are not there yet; called when no call is without its output.
    func save<Context>(_ state: RunState<Context>) async throws {
        guard let session else { return }
        let unsaved = savedItems.withLock { saved in
            let unsaved = state.transcript.newItems.dropFirst(saved)
            saved = state.transcript.newItems.count
            return Array(unsaved)
        }
        if !unsaved.isEmpty { try await session.append(unsaved) }
    }
}
