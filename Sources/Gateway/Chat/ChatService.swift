import AgentRuntime
import Logging
import Persistence
import Tools

/// Takes messages and gives their runs to read; the runs are the supervisor's.
struct ChatService: Sendable {
    let agent: Agent<UserContext>
    let runner: Runner
    let config: RunConfig<UserContext>
    let runs: RunStore
    let users: UserStore
    let todos: TodoStore
    let usage: UsageStore
    let supervisor: RunSupervisor
    let instance: Instance
    let limits: ChatLimits
    let clock: WallClock
    let logger: Logger
    var metrics = Metrics()
    let failedTakeOvers = FailedTakeOvers()

    /// Stores the message with the run that answers it, and hands the run to the supervisor. Throws `ChatError`.
    func accept(_ message: ChatMessage, from user: User) async throws -> ReadableRun {
        try check(message)
        try Failpoint.reach(.read)
        let timeZone = message.timeZone ?? user.timeZone ?? "UTC"
        guard let today = LocalDay.day(of: clock.now, in: timeZone) else {
            throw ChatError.invalid(field: "time_zone", sentence: "must be a name of the IANA time zone database, such as Europe/Berlin.")
        }
        if message.timeZone != nil, timeZone != user.timeZone { try await users.setTimeZone(timeZone, of: user.id) }
        switch try await runs.accept(request(message, from: user, today: today, timeZone: timeZone), by: instance) {
        case .accepted(let run, let log):
            try Failpoint.reach(.accepted)
            let context = UserContext(user: user, today: today, timeZone: timeZone, todos: todos.todos(of: user.id, claim: log.claim))
            return .live(try await start(run, log, context))
        case .existing(let run): return readable(run)
        case .keyMismatch:
            throw ChatError.invalid(field: "Idempotency-Key", sentence: "was used for another message; choose a new one for each message.")
        case .conversationNotFound, .replacedNotFound: throw ChatError.notFound
        case .superseded: throw ChatError.superseded
        case .busy(let run): throw ChatError.busy(run: run)
        case .tooManyActive: throw ChatError.tooManyRuns
        }
    }

    /// Goes on with the conversation's latest run, which failed for a passing reason. Throws `ChatError`.
    func retry(_ conversation: String, of user: User) async throws -> ReadableRun {
        switch try await runs.reopen(conversation, owner: user.id, by: instance, activeLimit: limits.runsPerUser) {
        case .reopened(let run, let log): return .live(try await resume(run, log, for: user))
        case .nothingToResume: throw ChatError.nothingToRetry
        case .conversationNotFound: throw ChatError.notFound
        case .busy(let run): throw ChatError.busy(run: run)
        case .tooManyActive: throw ChatError.tooManyRuns
        }
    }

    /// The run, if it is the user's. Throws `ChatError.notFound`.
    func run(_ id: String, of user: User) async throws -> ReadableRun {
        guard let run = try await runs.run(id, owner: user.id) else { throw ChatError.notFound }
        return readable(run)
    }

    /// Ends a run at the person's wish, whoever carries it out; one that has ended stays as it is. Throws `ChatError.notFound`.
    func stop(_ id: String, of user: User) async throws {
        guard try await runs.requestStop(id, owner: user.id) != nil else { throw ChatError.notFound }
        supervisor.live(id)?.cancellation.send(.stopped)
        // In this order: a run that comes to wait only after this sees that it is to end.
        _ = try await runs.stopWaiting(id, owner: user.id)
    }

    var follower: RunFollower { RunFollower(runs: runs, clock: runner.clock) }

    private func readable(_ run: Run) -> ReadableRun {
        supervisor.live(run.id).map(ReadableRun.live) ?? .stored(run)
    }

    func start(_ run: Run, _ log: DatabaseRunLog, _ context: UserContext) async throws -> LiveRun {
        let live = LiveRun(id: run.id, conversation: run.conversation, owner: run.owner, attempt: log.claim.attempt, records: try await log.stored())
        let chat = ChatRun(
            live: live, log: log, agent: agent, context: context, runner: runner, config: config, runs: runs, logger: logger,
            ledger: limits.daily.map { DailyBudget($0, of: run.owner, by: instance, in: usage) }, metrics: metrics)
        guard let carrier = supervisor.start(live, after: log.timeUsed, work: { await chat.perform() }) else {
            try await log.end(with: .error(.interrupted))
            throw ChatError.overloaded
        }
        return carrier
    }

    private func check(_ message: ChatMessage) throws(ChatError) {
        let scalars = message.text.unicodeScalars
        guard ChatMessage.length.contains(scalars.count), scalars.contains(where: { !$0.properties.isWhitespace }) else {
            throw .invalid(field: "message", sentence: "must have 1 to \(ChatMessage.length.upperBound) characters and must not be blank.")
        }
        guard !message.text.utf8.contains(0) else { throw .invalid(field: "message", sentence: "must not hold the character U+0000.") }
    }

    private func request(_ message: ChatMessage, from user: User, today: Day, timeZone: String) -> RunRequest {
        let facts = ["today": today.description, "time_zone": timeZone]
        return RunRequest(
            owner: user.id,
            conversation: message.conversation,
            replacing: message.replacing,
            title: message.title,
            start: RunStart(agent: agent.name, input: [.user(message.text)], facts: facts),
            idempotency: message.idempotencyKey.map { RunRequest.Idempotency(key: $0, requestHash: message.fingerprint) },
            activeLimit: limits.runsPerUser
        )
    }
}

extension ChatService {
    init(_ parts: GatewayParts, supervisor: RunSupervisor, logger: Logger) {
        self.init(
            agent: parts.agent, runner: parts.runner, config: parts.config, runs: parts.stores.runs, users: parts.stores.users,
            todos: parts.stores.todos, usage: parts.stores.usage, supervisor: supervisor, instance: parts.instance, limits: parts.limits,
            clock: .system, logger: logger,
            metrics: parts.metrics)
    }
}

extension ChatMessage {
    /// Equal for equal requests.
    fileprivate var fingerprint: String {
        var parts: [JSONValue] = [.string(text), conversation.map(JSONValue.string) ?? .null, timeZone.map(JSONValue.string) ?? .null]
        if let replacing { parts.append(.string(replacing)) }
        return Fingerprint.of(JSONValue.array(parts).data)
    }
}
