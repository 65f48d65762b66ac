/// What is kept of writes that must not happen twice.
public struct EffectStore: Sendable {
    private let database: any Database

    public init(database: any Database) {
        self.database = database
    }

    /// Forgets the keys of requests made before `moment`. Those of runs stay as long as their runs.
    /// - Parameter limit: How many at most.
    /// - Returns: How many.
    @discardableResult
    public func prune(before moment: Timestamp, limit: Int = .max) async throws -> Int {
        try await database.write {
            try $0.execute(
                """
                DELETE FROM tool_effects WHERE effect_key IN
                (SELECT effect_key FROM tool_effects WHERE run_id IS NULL AND created_at < \(moment) LIMIT \(limit))
                """
            )
        }
    }
}
