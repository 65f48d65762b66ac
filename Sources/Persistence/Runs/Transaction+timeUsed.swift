import AgentRuntime

extension Transaction {
    /// How long the run was under way, as far as its events tell: what lies between two attempts, or between a question to a person and the
    /// answer, does not count.
    func timeUsed(by run: Run) throws -> Duration {
        let rows = try all("SELECT id, type, created_at FROM run_events WHERE run_id = \(run.id) ORDER BY id")
        let moments = try rows.map { row in
            (attempt: RunEventID.attempt(of: Int64(try row.int("id"))), type: try row.text("type"), at: try row.timestamp("created_at").milliseconds)
        }
        let question = RunEvent.approvalRequested([]).type
        let milliseconds = zip(moments, moments.dropFirst()).reduce(Int64(0)) { sum, step in
            let counts = step.0.attempt == step.1.attempt && step.0.type != question
            return counts ? sum &+ max(0, step.1.at &- step.0.at) : sum
        }
        return .milliseconds(milliseconds)
    }
}
