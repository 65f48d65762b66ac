import Synchronization

/// Keeps a session in step with a run: the input at once, then each turn when it is whole.
final class SessionKeeper: Sendable {
    let history: [Item]
    /// How many items the session held before the run; nil without a session.
    let itemsBefore: Int?
    private let session: (any Session)?
    private let progress: Mutex<Progress>

    private struct Progress {
        var hasInput = false
        var items = 0
    }

    /// What the session holds beyond its items before the run came from the run itself, when it goes on from its log.
    init(_ session: (any Session)?, history: [Item], after stored: [RunRecord]) async throws {
        let items = try await session?.items() ?? []
        let start = stored.lazy.compactMap { if case .start(let start) = $0.event { start } else { nil } }.first
        self.session = session
        guard session != nil, let start, let before = start.sessionItems else {
            self.history = items + history
            itemsBefore = session == nil ? nil : items.count
            progress = Mutex(Progress(hasInput: start != nil))
            return
        }
        guard items.count >= before else { throw RunError.user("The session is not the one that the run began with.") }
        let own = items.count - before
        self.history = items.prefix(before) + history
        itemsBefore = before
        progress = Mutex(Progress(hasInput: own > 0 && own >= start.input.count, items: max(0, own - start.input.count)))
    }

    func saveInput(_ input: [Item]) async throws {
        let isSaved = progress.withLock { progress in
            defer { progress.hasInput = true }
            return progress.hasInput
        }
        if !isSaved { try await session?.append(input) }
    }

    /// Saves the items that are not there yet; called when no call is without its output.
    func save<Context>(_ state: RunState<Context>) async throws {
        guard let session else { return }
        let unsaved = progress.withLock { progress in
            let unsaved = state.transcript.newItems.dropFirst(progress.items)
            progress.items = state.transcript.newItems.count
            return Array(unsaved)
        }
        if !unsaved.isEmpty { try await session.append(unsaved) }
    }
}
