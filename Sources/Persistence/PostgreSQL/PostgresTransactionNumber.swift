/// A transaction as the server knows it, also to another connection: https://www.postgresql.org/docs/current/functions-info.html#FUNCTIONS-PG-SNAPSHOT
struct PostgresTransactionNumber {
    enum Outcome {
        case committed, rolledBack
        /// Still under way, or the answer was lost.
        case undecided
        case unknown
    }

    private let number: String
    private let server: String

    /// Begins a transaction that waits for a lock no longer than `lock`.
    init(beginningOn connection: PostgresConnection, with lock: Duration) throws {
        let answer = try connection.run(
            """
            BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; SET LOCAL lock_timeout = \(lock.inMilliseconds);
            SELECT pg_current_xact_id() AS number
            """
        )
        number = try answer.rows.first?.text("number") ?? ""
        server = try connection.identity ?? Self.identity(of: connection)
        connection.identity = server
    }

    /// What became of the transaction.
    func outcome(on connection: PostgresConnection) -> Outcome {
        do {
            // After a fail-over the number may be another transaction's.
            guard try Self.identity(of: connection) == server else { return .unknown }
            let answer = try connection.run("SELECT pg_xact_status('\(number)') AS status")
            switch try answer.rows.first?.optionalText("status") {
            case "committed": return .committed
            case "aborted": return .rolledBack
            case "in progress": return .undecided
            default: return .unknown
            }
        } catch {
            return connection.isBroken ? .undecided : .unknown
        }
    }

    /// The cluster and its line of history.
    private static func identity(of connection: PostgresConnection) throws -> String {
        let answer = try connection.run(
            "SELECT system_identifier || '/' || substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8) AS identity FROM pg_control_system()"
        )
        return try answer.rows.first?.text("identity") ?? ""
    }
}
