/// Runs that are carried out by one process and ended by the word of another.
extension RunStore {
    /// Notes that the owner wants an active run to end, and gives word to the instance that carries it out.
    /// - Returns: The run as it stands; nil when there is none of the owner's.
    public func requestStop(_ id: String, owner: String) async throws -> Run? {
        let run = try await database.write { transaction in
            let condition: SQL = "id = \(id) AND owner = \(owner)"
            let noted = try transaction.one("UPDATE runs SET stop_requested = 1 WHERE \(condition) AND \(Run.isActive) RETURNING \(Run.columns)")
            return try (noted ?? transaction.one("SELECT \(Run.columns) FROM runs WHERE \(condition)")).map { try Run($0) }
        }
        if let run, run.state.isActive { database.hints.announce(run.instance) }
        return run
    }

    /// The active runs that are the instance's to carry out, and whether each is to end.
    public func active(of instance: Instance) async throws -> [String: Bool] {
        try await database.read { transaction in
            let rows = try transaction.all(
                "SELECT id, stop_requested FROM runs WHERE instance = \(instance.id) AND epoch = \(instance.epoch) AND \(Run.isActive)"
            )
            return Dictionary(try rows.map { (try $0.text("id"), try $0.bool("stop_requested")) }) { first, _ in first }
        }
    }
}
