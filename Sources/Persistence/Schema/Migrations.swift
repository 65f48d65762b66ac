/// Every step of the schema, oldest first. A released step never changes: what comes later is a new step at the end.
///
/// Columns are `TEXT`, `BIGINT` (milliseconds, counters, 0 or 1) or `DOUBLE PRECISION`, and every statement runs on SQLite and PostgreSQL.
public enum Migrations {
    public static let all: [Migration] = [
        Migration(1, "accounts", accounts),
        Migration(2, "todos", todos),
        Migration(3, "conversations and runs", runs),
        Migration(4, "one-time passwords", oneTimePasswords),
        Migration(5, "rate limits", rateLimits),
        Migration(6, "stop requests", stopRequests),
        Migration(7, "superseded runs", supersededRuns),
        Migration(8, "API tokens", apiTokens),
        Migration(9, "usage", usage),
        Migration(10, "usage by day", usageByDay),
        Migration(11, "instances that take up runs", runTakers),
    ]

    private static let accounts: [SQL] = [
        """
        CREATE TABLE users (
            id TEXT NOT NULL PRIMARY KEY,
            email TEXT NOT NULL UNIQUE,
            name TEXT NOT NULL,
            password_hash TEXT,
            time_zone TEXT,
            next_todo BIGINT NOT NULL DEFAULT 1,
            disabled_at BIGINT,
            created_at BIGINT NOT NULL
        )
        """,
        """
        CREATE TABLE sessions (
            id TEXT NOT NULL PRIMARY KEY,
            user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
            counter BIGINT NOT NULL,
            rotated_at BIGINT NOT NULL,
            created_at BIGINT NOT NULL,
            last_used_at BIGINT NOT NULL,
            expires_at BIGINT NOT NULL,
            idle_expires_at BIGINT NOT NULL,
            revoked_at BIGINT,
            user_agent TEXT
        )
        """,
        "CREATE INDEX sessions_of_user ON sessions (user_id, id)",
    ]

    private static let todos: [SQL] = [
        """
        CREATE TABLE todos (
            owner TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
            number BIGINT NOT NULL,
            title TEXT NOT NULL,
            notes TEXT,
            due TEXT,
            completed BIGINT NOT NULL DEFAULT 0,
            folded TEXT NOT NULL,
            created_at BIGINT NOT NULL,
            updated_at BIGINT NOT NULL,
            completed_at BIGINT,
            PRIMARY KEY (owner, number)
        )
        """
    ]

    private static let runs: [SQL] = [
        """
        CREATE TABLE instances (
            id TEXT NOT NULL PRIMARY KEY,
            epoch BIGINT NOT NULL,
            lease_until BIGINT NOT NULL
        )
        """,
        """
        CREATE TABLE conversations (
            id TEXT NOT NULL PRIMARY KEY,
            owner TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
            title TEXT NOT NULL,
            folded TEXT NOT NULL,
            next_run BIGINT NOT NULL DEFAULT 1,
            created_at BIGINT NOT NULL,
            updated_at BIGINT NOT NULL
        )
        """,
        "CREATE INDEX conversations_of_owner ON conversations (owner, updated_at, id)",
        """
        CREATE TABLE runs (
            id TEXT NOT NULL PRIMARY KEY,
            conversation_id TEXT NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
            owner TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
            position BIGINT NOT NULL,
            state TEXT NOT NULL,
            instance TEXT NOT NULL,
            epoch BIGINT NOT NULL,
            attempt BIGINT NOT NULL DEFAULT 0,
            agent TEXT NOT NULL,
            idempotency_key TEXT,
            request_hash TEXT,
            last_event_id BIGINT NOT NULL DEFAULT 0,
            error_code TEXT,
            created_at BIGINT NOT NULL,
            updated_at BIGINT NOT NULL,
            UNIQUE (conversation_id, position),
            UNIQUE (owner, idempotency_key)
        )
        """,
        // At most one active run a conversation, whoever writes.
        "CREATE UNIQUE INDEX runs_active ON runs (conversation_id) WHERE state IN ('queued', 'running', 'awaiting_approval')",
        "CREATE INDEX runs_active_of_owner ON runs (owner) WHERE state IN ('queued', 'running', 'awaiting_approval')",
        "CREATE INDEX runs_active_of_instance ON runs (instance, epoch) WHERE state IN ('queued', 'running', 'awaiting_approval')",
        """
        CREATE TABLE run_events (
            run_id TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
            id BIGINT NOT NULL,
            type TEXT NOT NULL,
            payload TEXT NOT NULL,
            created_at BIGINT NOT NULL,
            PRIMARY KEY (run_id, id)
        )
        """,
        """
        CREATE TABLE tool_effects (
            effect_key TEXT NOT NULL PRIMARY KEY,
            owner TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
            run_id TEXT REFERENCES runs (id) ON DELETE CASCADE,
            operation TEXT NOT NULL,
            arguments_hash TEXT NOT NULL,
            result TEXT NOT NULL,
            created_at BIGINT NOT NULL
        )
        """,
        "CREATE INDEX tool_effects_of_run ON tool_effects (run_id)",
        "CREATE INDEX tool_effects_of_owner ON tool_effects (owner, created_at)",
    ]
    private static let oneTimePasswords: [SQL] = [
        // Until when a password that is good for one sign-in is; null for any other.
        "ALTER TABLE users ADD COLUMN one_time_until BIGINT"
    ]

    private static let rateLimits: [SQL] = [
        """
        CREATE TABLE rate_limits (
            bucket TEXT NOT NULL PRIMARY KEY,
            full_at BIGINT NOT NULL
        )
        """,
        "CREATE INDEX rate_limits_full ON rate_limits (full_at)",
    ]

    private static let stopRequests: [SQL] = [
        "ALTER TABLE runs ADD COLUMN stop_requested BIGINT NOT NULL DEFAULT 0"
    ]

    /// A message that was asked again, or edited, with all that came after it, gave way to another run.
    private static let supersededRuns: [SQL] = ["ALTER TABLE runs ADD COLUMN superseded_by TEXT"]

    private static let apiTokens: [SQL] = [
        // `hash` is the SHA-256 of the token's text, `scopes` their names with spaces between.
        """
        CREATE TABLE api_tokens (
            id TEXT NOT NULL PRIMARY KEY,
            user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
            name TEXT NOT NULL,
            hash TEXT NOT NULL UNIQUE,
            scopes TEXT NOT NULL,
            created_at BIGINT NOT NULL,
            last_used_at BIGINT,
            expires_at BIGINT
        )
        """,
        "CREATE INDEX api_tokens_of_user ON api_tokens (user_id, id)",
    ]

    private static let usage: [SQL] = [
        """
        CREATE TABLE usage (
            owner TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
            day BIGINT NOT NULL,
            tokens BIGINT NOT NULL DEFAULT 0,
            cost BIGINT NOT NULL DEFAULT 0,
            PRIMARY KEY (owner, day)
        )
        """,
        """
        CREATE TABLE usage_reservations (
            id TEXT NOT NULL PRIMARY KEY,
            owner TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
            day BIGINT NOT NULL,
            tokens BIGINT NOT NULL,
            cost BIGINT NOT NULL,
            instance TEXT NOT NULL,
            epoch BIGINT NOT NULL
        )
        """,
        "CREATE INDEX usage_reservations_of_owner ON usage_reservations (owner, day)",
        "CREATE INDEX usage_reservations_of_day ON usage_reservations (day)",
    ]

    /// For what has served its time.
    private static let usageByDay: [SQL] = ["CREATE INDEX usage_of_day ON usage (day)"]

    /// A chat in a terminal takes up no runs of others, and neither does a gateway that is going down.
    private static let runTakers: [SQL] = ["ALTER TABLE instances ADD COLUMN takes_up_runs BIGINT NOT NULL DEFAULT 1"]
}
