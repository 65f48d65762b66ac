extension RunStore {
    /// Runs under way as the instance's own for which nothing was written since `moment`, by rising id. One that the instance does not carry out
    /// is lost to it: its commit or its end went wrong in a way that left it open.
    public func quiet(of instance: Instance, since moment: Timestamp) async throws -> [Run] {
        try await database.read { transaction in
            try transaction.all(
                """
                SELECT \(Run.columns) FROM runs WHERE runs.instance = \(instance.id) AND runs.epoch = \(instance.epoch)
                AND \(Run.isUnderWay) AND runs.updated_at < \(moment) ORDER BY runs.id
                """
            ).map { try Run($0) }
        }
    }
}
