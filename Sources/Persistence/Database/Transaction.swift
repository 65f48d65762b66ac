/// An open transaction, valid inside the closure that received it. Nothing is awaited while it is open.
///
/// No error of a statement is caught inside a transaction: PostgreSQL refuses everything after one. A conflict is `ON CONFLICT ... RETURNING`.
public struct Transaction {
    /// What one statement answered.
    struct Answer {
        var rows: [Row] = []
        /// Rows inserted, updated or deleted.
        var changes = 0
    }

    private let clock: SQL?
    private let exclude: () throws -> Void
    private let perform: (SQL) throws -> Answer

    /// - Parameter clock: The milliseconds since 1970 as the database counts them; nil where it counts as this process does.
    /// - Parameter lockSchema: Keeps every other process that changes the schema out until the end of the transaction.
    init(clock: SQL? = nil, lockSchema: @escaping () throws -> Void = {}, perform: @escaping (SQL) throws -> Answer) {
        self.clock = clock
        exclude = lockSchema
        self.perform = perform
    }

    /// Runs one statement and says how many rows it inserted, updated or deleted.
    @discardableResult
    public func execute(_ sql: SQL) throws -> Int {
        try perform(sql).changes
    }

    public func all(_ sql: SQL) throws -> [Row] {
        try perform(sql).rows
    }

    /// The first row, if there is one.
    public func one(_ sql: SQL) throws -> Row? {
        try perform(sql).rows.first
    }

    /// The moment by the clock that everybody who shares the database goes by: the server's if there is one, else `clock`.
    func sharedNow(_ clock: WallClock) -> SQL {
        self.clock ?? "\(clock.now)"
    }

    /// `sharedNow`, asked for.
    func sharedMoment(_ clock: WallClock) throws -> Timestamp {
        try one("SELECT \(sharedNow(clock)) AS now")?.timestamp("now") ?? clock.now
    }

    func lockSchema() throws {
        try exclude()
    }
}
