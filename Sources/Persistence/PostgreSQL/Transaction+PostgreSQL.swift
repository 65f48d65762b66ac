extension Transaction {
    init(_ connection: PostgresConnection) {
        self.init(
            clock: "CAST(FLOOR(EXTRACT(EPOCH FROM clock_timestamp()) * 1000) AS BIGINT)",
            lockSchema: {
                connection.answerLimit = max(connection.answerLimit, PostgresLimits.schemaChange)
                // Others may be at it for minutes.
                try connection.run(
                    """
                    SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = \(PostgresLimits.schemaChange.inMilliseconds);
                    SELECT pg_advisory_xact_lock(7236832, hashtext(current_schema()))
                    """
                )
            },
            perform: { sql in
                let answer = try connection.perform(sql)
                return Answer(rows: answer.rows, changes: answer.changes)
            }
        )
    }
}
