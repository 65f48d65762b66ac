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

    private let perform: (SQL) throws -> Answer

    init(perform: @escaping (SQL) throws -> Answer) {
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
}
