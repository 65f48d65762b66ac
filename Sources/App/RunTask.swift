import AgentRuntime
import Persistence

/// What `agent run` is to do: begin with an input, or go on with the run that waits in the session.
struct RunTask {
    let run: String
    let agent: String
    let input: [Item]
    let records: [RunRecord]
    let decisions: [ApprovalDecision]
    let session: FileSession?

    /// Throws `SettingMistake` when there is nothing to begin or to go on with, or a call to decide about is not waiting.
    init(input: String?, agent: String, session path: String?, approve: [String], reject: [String]) async throws {
        session = path.map { FileSession(path: $0) }
        guard let input else {
            guard let pending = try await session?.pendingRun() else {
                throw SettingMistake("Say something by --input, or name by --session a conversation whose run waits for approval.")
            }
            run = pending.run
            self.agent = pending.agent
            self.input = []
            records = pending.records
            decisions = try RunTask.decisions(approve: approve, reject: reject, about: records)
            return
        }
        guard approve.isEmpty, reject.isEmpty else { throw SettingMistake("--approve and --reject go on with a run: leave out --input.") }
        run = IdentifierGenerator().next()
        self.agent = agent
        self.input = [.user(input)]
        records = []
        decisions = []
    }

    /// A run that waits, or was cut off after it had waited, is kept for the next command; any other has no more use.
    func keep(_ log: InMemoryRunLog, isInterrupted: Bool) async throws {
        let goesOn = isInterrupted || (!records.isEmpty && log.records.last?.event.isTerminal == false)
        try await session?.keep(goesOn ? FileSession.PendingRun(run: run, agent: agent, records: log.records) : nil)
    }

    private static func decisions(approve: [String], reject: [String], about records: [RunRecord]) throws -> [ApprovalDecision] {
        let questions = records.compactMap { record -> [Interruption]? in
            if case .approvalRequested(let calls) = record.event { calls } else { nil }
        }
        let waiting = questions.last ?? []
        for id in approve + reject where id != "all" {
            let named = waiting.filter { $0.isNamed(id) }
            if named.isEmpty {
                throw SettingMistake("No call '\(id)' waits for approval. Waiting: \(waiting.map(\.qualifiedID).joined(separator: ", ")).")
            }
            if named.count > 1 { throw SettingMistake("Several calls are '\(id)': \(named.map(\.qualifiedID).joined(separator: ", ")).") }
        }
        if let both = approve.first(where: reject.contains) { throw SettingMistake("'\(both)' is both approved and rejected.") }
        return waiting.compactMap { call in
            if approve.contains(where: call.isNamed) { return call.approve() }
            if reject.contains(where: call.isNamed) { return call.reject() }
            if approve.contains("all") { return call.approve() }
            return reject.contains("all") ? call.reject() : nil
        }
    }
}

extension Interruption {
    /// A call within another one is named by its own id as well, as long as no other call waits that has it.
    fileprivate func isNamed(_ id: String) -> Bool {
        id == callID || id == qualifiedID
    }
}
