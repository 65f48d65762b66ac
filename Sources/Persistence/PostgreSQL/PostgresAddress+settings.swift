extension PostgresAddress {
    /// What libpq connects with.
    func connectionSettings(_ limits: PostgresLimits) -> (names: [String?], values: [String?]) {
        var all = [
            "client_encoding": "UTF8",
            "connect_timeout": String(max(2, limits.connect.inMilliseconds / 1_000)),
            "fallback_application_name": "agent",
            "keepalives": "1",
            "keepalives_count": "3",
            "keepalives_idle": "15",
            "keepalives_interval": "5",
            // A standby that still follows another server takes no writes.
            "target_session_attrs": "read-write",
            "tcp_user_timeout": String(limits.acknowledgement.inMilliseconds),
        ]
        all.merge(settings) { _, own in own }
        let sorted = all.sorted { $0.key < $1.key }
        return (sorted.map(\.key), sorted.map(\.value))
    }

    /// The statement that prepares a session: no commit without its fsync, no wait without an end.
    func sessionSettings(_ limits: PostgresLimits) -> String {
        var all = [
            ("statement_timeout", String(limits.statement.inMilliseconds)), ("lock_timeout", String(limits.lock.inMilliseconds)),
            ("idle_in_transaction_session_timeout", String(limits.idle.inMilliseconds)), ("client_min_messages", "warning"),
            ("standard_conforming_strings", "on"), ("default_transaction_isolation", "read committed"),
        ]
        if let schema { all.append(("search_path", "\"" + schema.replacing("\"", with: "\"\"") + "\"")) }
        let calls = all.map { name, value in "set_config('\(name)', '\(value.replacing("'", with: "''"))', false)" }
        // Stricter than on, as for a standby that must have applied a commit, stays.
        let durability = "CASE current_setting('synchronous_commit') WHEN 'off' THEN set_config('synchronous_commit', 'on', false) END"
        return "SELECT " + (calls + [durability]).joined(separator: ", ")
    }

    /// A message of libpq on one line.
    func withoutPassword(_ message: String) -> String {
        let line = message.split(whereSeparator: \.isNewline).joined(separator: " ")
        guard let password = settings["password"], !password.isEmpty else { return line }
        return line.replacing(password, with: "***")
    }
}
