import AgentRuntime
import Logging

/// What is counted and written down of a run: ids and names that this program knows, never what was said.
extension ChatRun {
    /// Shows a record to the run's readers.
    func publish(_ record: RunRecord) {
        live.publish(record)
        switch record.event.origin.event {
        case .toolResult(let result):
            // Any text may be the name of a tool that is not there.
            let tool = live.call(answeredBy: record.event).flatMap { $0.origin == nil ? nil : $0.name } ?? "unknown"
            metrics.toolCalls.count(tool, result.status.rawValue)
            if result.status == .rejected { note(.toolDenied, ["tool": .string(tool)]) }
        case .toolGuardrail: note(.toolDenied)
        case .error(let failure) where failure.code == .limitReached: note(.limitReached)
        case .error(let failure) where failure.code == .budgetExceeded: note(.budgetExceeded)
        default: break
        }
    }

    /// Counts a run that this process is done with.
    func count(since start: ContinuousClock.Instant) {
        metrics.runs.count(live.outcome)
        metrics.runTimes.record(now() - start)
    }

    private func note(_ event: SecurityEvent, _ fields: Logger.Metadata = [:]) {
        let ids: Logger.Metadata = ["user": .string(live.owner), "run": .string(live.id)]
        event.write(to: logger, fields.merging(ids) { $1 })
        metrics.securityEvents.count(event.rawValue)
    }
}

extension LiveRun {
    /// How things stand with the run, in a word.
    fileprivate var outcome: String {
        switch latest {
        case .done: "done"
        case .stopped: "stopped"
        case .error(let failure): failure.code.rawValue
        case .approvalRequested: "awaiting_approval"
        default: cancellation.reason == .moved ? "moved" : "lost"
        }
    }
}
