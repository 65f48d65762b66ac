import AgentRuntime
import Persistence
import Tools

/// A conversation of the machine's owner in the database, of which this process writes the runs.
struct TerminalConversation: Sendable {
    /// How long a run counts as under way without a sign of life.
    static let lease = Duration.seconds(30)

    let person: LocalPerson
    let stores: Stores
    let instance: Instance
    /// Nil before the first message.
    private(set) var id: String?
    private(set) var history = ConversationHistory()

    init(as person: LocalPerson, in stores: Stores) async throws {
        self.person = person
        self.stores = stores
        // Each chat in a terminal is a writer of its own.
        instance = try await stores.instances.start(
            "terminal-" + IdentifierGenerator().next(), lease: TerminalConversation.lease, takesUpRuns: false)
    }

    /// Goes on with a conversation, by default the latest. Throws `SettingMistake` when there is none, or another process answers in it.
    /// - Returns: What was said before, run by run.
    mutating func open(_ name: String?) async throws -> [(message: String, answer: String)] {
        let owner = person.user.id
        let found: String?
        if let name {
            do { found = try await stores.conversations.get(name, owner: owner).id } catch is ConversationError { found = nil }
        } else {
            found = try await stores.conversations.list(owner: owner, limit: 1).data.first?.id
        }
        guard let found else {
            throw SettingMistake(
                name.map { "There is no conversation '\($0)' of yours in this database." } ?? "There is no conversation to go on with yet.")
        }
        try await endAbandoned()
        if let run = try await stores.runs.active(of: found, owner: owner), try await stores.runs.stopWaiting(run.id, owner: owner) == nil {
            throw SettingMistake("The conversation \(found) is being answered by another process (run \(run.id)); try again when it is done.")
        }
        id = found
        try await readHistory()
        return try await stores.runs.logs(of: found, owner: owner, includingText: true).filter { $0.run.supersededBy == nil }.map { log in
            let transcript = Transcript(of: log.events.map(\.event))
            return (transcript.input.said, transcript.text)
        }
    }

    /// Stores the message with the run that answers it.
    mutating func begin(_ message: String, with agent: Agent<UserContext>) async throws -> (log: DatabaseRunLog, context: UserContext) {
        try await readHistory()
        let moment = try person.context()
        let request = RunRequest(
            owner: person.user.id, conversation: id, title: Conversation.title(of: message),
            start: RunStart(agent: agent.name, input: [.user(message)], facts: ["today": moment.today.description, "time_zone": moment.timeZone]),
            activeLimit: .max)
        switch try await stores.runs.accept(request, by: instance) {
        case .accepted(let run, let log):
            id = run.conversation
            return (log, context(at: moment, in: log))
        case .busy: throw SettingMistake("Another process answers in this conversation; try again when it is done.")
        case .conversationNotFound: throw SettingMistake("The conversation was deleted meanwhile.")
        case .existing, .keyMismatch, .tooManyActive, .replacedNotFound, .superseded: throw SettingMistake("The message could not be stored.")
        }
    }

    /// Stores what the person decided about a call that waits; what to go on with once nothing waits any more.
    func decide(_ choice: ApprovalChoice, on run: String) async throws -> (log: DatabaseRunLog, context: UserContext)? {
        let outcome = try await stores.runs.decide(choice, on: run, owner: person.user.id, by: instance, activeLimit: .max) { _ in }
        switch outcome {
        case .resumed(_, let log): return (log, context(at: try person.context(), in: log))
        // Decided along with another call.
        case .waiting, .unknownCall, .repeated: return nil
        case .runNotFound, .notWaiting, .decidedOtherwise, .tooManyActive: throw SettingMistake("Another process has decided about this call.")
        }
    }

    /// Ends a run of this conversation, whatever it does or waits for.
    func stop(_ log: DatabaseRunLog) async throws {
        if try await stores.runs.stopWaiting(log.run, owner: person.user.id) == nil { try await log.end(with: .stopped) }
    }

    private func context(at moment: UserContext, in log: DatabaseRunLog) -> UserContext {
        let todos = stores.todos.todos(of: person.user.id, claim: log.claim)
        return UserContext(user: moment.user, today: moment.today, timeZone: moment.timeZone, todos: todos)
    }

    /// Says that this process is alive, until it is cancelled.
    func keepAlive(on clock: any Clock<Duration>) async {
        while (try? await clock.sleep(for: TerminalConversation.lease / 3)) != nil {
            _ = try? await stores.instances.renew(instance, lease: TerminalConversation.lease)
        }
    }

    private mutating func readHistory() async throws {
        guard let id else { return }
        var history = ConversationHistory()
        for log in try await stores.runs.logs(of: id, owner: person.user.id, includingText: true) where log.run.supersededBy == nil {
            history.add(log.events.map(\.event))
        }
        self.history = history
    }

    /// Runs whose terminal was closed: they end where they were cut off.
    private func endAbandoned() async throws {
        for run in try await stores.runs.abandoned(byOthersThan: instance) where run.owner == person.user.id {
            do {
                try await stores.runs.takeOver(run, by: instance)?.end(with: .error(.interrupted))
            } catch let error as StoreError where error.isOfOneRow {
                // One that cannot be read stands in nobody's way but its own conversation's.
            }
        }
    }
}

extension [Item] {
    /// The texts of the messages.
    fileprivate var said: String {
        compactMap { if case .message(let message) = $0 { message.text } else { nil } }.joined(separator: "\n")
    }
}
