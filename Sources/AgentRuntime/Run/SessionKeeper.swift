import Logging
import Synchronization

/// Keeps a session in step with a run: the input at once, then each turn when it is whole.
final class SessionKeeper: Sendable {
    let history: [Item]
    /// How many items the session held before the run; nil without a session.
    let itemsBefore: Int?
    private let session: (any Session)?
    private let itemIDs: ItemIDPolicy
    private let reasoningIDs: ItemIDPolicy
    private let progress: Mutex<Progress>

    private struct Progress {
        /// How many of the run's items the session holds, the input first.
        var saved: Int
        var hasSaved = false
        var hasFailed = false
    }

    /// What the session holds beyond its items before the run came from the run itself, when it goes on from its log.
    init<Context>(_ session: (any Session)?, _ config: RunConfig<Context>, history: [Item], after stored: [RunRecord]) async throws {
        let settings = (session?.settings ?? SessionSettings()).overlaid(by: config.sessionSettings)
        self.session = session
        let (itemIDs, reasoningIDs) = (settings.itemIDs ?? .preserve, config.reasoningItemIDs)
        self.itemIDs = itemIDs
        self.reasoningIDs = reasoningIDs
        guard let session else {
            self.history = history
            itemsBefore = nil
            progress = Mutex(Progress(saved: 0))
            return
        }
        let start = stored.lazy.compactMap { if case .start(let start) = $0.event { start } else { nil } }.first
        if let start, let before = start.sessionItems {
            let items = try await session.items()
            guard items.count >= before else { throw RunError.user("The session is not the one that the run began with.") }
            self.history = items.prefix(before).newest(settings.limit) + history
            itemsBefore = before
            let run = Transcript(of: stored.map(\.event))
            let own = SessionKeeper.kept(run.input + run.newItems + run.addedInput, itemIDs, reasoningIDs)
            progress = Mutex(Progress(saved: zip(items.dropFirst(before), own).prefix { $0.isCopy(of: $1) }.count))
        } else {
            itemsBefore = start == nil ? try await session.count() : nil
            self.history = try await session.items(limit: settings.limit) + history
            progress = Mutex(Progress(saved: start.map { SessionKeeper.kept($0.input, itemIDs, reasoningIDs).count } ?? 0))
        }
    }

    var hasSession: Bool { session != nil }

    /// What the model is to see of the session and the input; nil when nobody but the runner merges them.
    func input<Context>(merging newItems: [Item], by config: RunConfig<Context>) async throws -> SessionInput? {
        guard let merge = config.sessionInputCallback, hasSession, !history.isEmpty else { return nil }
        return SessionInput(merged: try await merge(history, newItems), history: history, newItems: newItems)
    }

    /// Saves those of a run's items that are not there yet. After a failure the session is left alone.
    func save(_ items: [Item]) async throws {
        guard let session else { return }
        let kept = SessionKeeper.kept(items, itemIDs, reasoningIDs)
        let unsaved = progress.withLock { $0.hasFailed ? [] : Array(kept.dropFirst($0.saved)) }
        guard !unsaved.isEmpty else { return }
        do {
            try await session.append(unsaved)
            progress.withLock { progress in
                progress.saved = kept.count
                progress.hasSaved = true
            }
        } catch {
            progress.withLock { $0.hasFailed = true }
            throw error
        }
    }

    /// Tells the session that the run has ended, if it ended here and not in an earlier part.
    func ended(with lastTurn: [Item]) async throws {
        guard progress.withLock({ $0.hasSaved }) else { return }
        try await session?.runEnded(lastTurn: lastTurn)
    }

    private static func kept(_ items: [Item], _ ids: ItemIDPolicy, _ reasoningIDs: ItemIDPolicy) -> [Item] {
        items.compactMap { $0.sanitised(ids, reasoningIDs: reasoningIDs) }
    }
}

extension RunInProgress {
    /// Saves the run's items, once the log holds them.
    func save(_ items: (Transcript) -> [Item]) async throws {
        guard keeper.hasSession else { return }
        try await journal.settle()
        let transcript = state.transcript
        try await keeper.save(transcript.input + items(transcript))
    }

    /// What a session does after a run changes nothing of the run.
    func tellSessionOfEnd() async {
        do {
            try await keeper.ended(with: state.transcript.lastTurn)
        } catch {
            runner.logger.warning("a session failed after a run", metadata: ["run": "\(journal.log.run)", "error": "\(runner.logged(error))"])
        }
    }
}

extension ArraySlice<Item> {
    fileprivate func newest(_ limit: Int?) -> [Item] {
        Array(suffix(limit.map { Swift.max(0, $0) } ?? count))
    }
}

extension Item {
    /// Whether a store could have made this of the item; stores may change ids and what they do not know.
    fileprivate func isCopy(of item: Item) -> Bool {
        switch (self, item) {
        case (.message(let left), .message(let right)): left.role == right.role && left.text == right.text
        case (.functionCall(let left), .functionCall(let right)): left.callID == right.callID
        case (.functionCallOutput(let left), .functionCallOutput(let right)): left.callID == right.callID
        case (.other(let left), .other(let right)): left["type"] == right["type"]
        default: false
        }
    }
}
