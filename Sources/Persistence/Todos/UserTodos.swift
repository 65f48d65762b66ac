public import AgentRuntime

/// The todos of one person. No method takes a user: nobody else's can be reached.
///
/// A write with the key of a tool call happens once for that key: asked for again, it gives its first result and writes nothing. All writes
/// throw `TodoError` for what the caller can repair.
public struct UserTodos: Sendable {
    private let store: TodoStore
    private let owner: String
    private let claim: RunClaim?

    init(store: TodoStore, owner: String, claim: RunClaim?) {
        self.store = store
        self.owner = owner
        self.claim = claim
    }

    /// By rising number.
    /// - Parameter query: Words that must all occur in title or notes, whatever their case and accents.
    /// - Parameter limit: Taken as 1 below 1, and as 100 above 100.
    /// - Parameter after: The number after which the list goes on.
    public func list(status: TodoStatus = .all, query: String? = nil, limit: Int = 100, after: Int? = nil) async throws -> TodoList {
        try TodoRules.check(query: query)
        let limit = min(max(limit, 1), 100)
        return try await store.database.read { transaction in
            let rows = try transaction.all(
                """
                SELECT \(Todo.columns) FROM todos WHERE owner = \(owner) AND number > \(after ?? 0) AND \(status.condition)
                AND \(SearchText.condition(query ?? "")) ORDER BY number LIMIT \(limit + 1)
                """
            )
            return TodoList(data: try rows.prefix(limit).map { try Todo($0) }, hasMore: rows.count > limit)
        }
    }

    public func get(_ number: Int) async throws -> Todo {
        let row = try await store.database.read {
            try $0.one("SELECT \(Todo.columns) FROM todos WHERE owner = \(owner) AND number = \(number)")
        }
        guard let row else { throw TodoError.notFound(number) }
        return try Todo(row)
    }

    /// The number comes from a counter of the owner's and is never used again.
    public func add(
        title: String,
        notes: String? = nil,
        due: Day? = nil,
        completed: Bool = false,
        for key: CallKey? = nil
    ) async throws -> Todo {
        try await add(TodoFields(title: title, notes: notes, due: due, completed: completed)) { key?.nextWrite() }
    }

    /// Adds a todo once for a key that the person's program chose.
    ///
    /// Throws `StoreError.effectMismatch` when the key was used for another todo.
    public func add(
        title: String,
        notes: String? = nil,
        due: Day? = nil,
        completed: Bool = false,
        idempotencyKey: String
    ) async throws -> Todo {
        try await add(TodoFields(title: title, notes: notes, due: due, completed: completed)) { "http/\(owner)/\(idempotencyKey)" }
    }

    public func update(_ number: Int, _ changes: TodoChanges, for key: CallKey? = nil) async throws -> Todo {
        if let title = changes.title { try TodoRules.check(title: title) }
        if case .set(let notes) = changes.notes { try TodoRules.check(notes: notes) }
        return try await change("todos.update", number, changes, key)
    }

    /// A todo that is done already stays as it is.
    public func complete(_ number: Int, for key: CallKey? = nil) async throws -> Todo {
        try await change("todos.complete", number, TodoChanges(completed: true), key)
    }

    /// A todo that is open already stays as it is.
    public func reopen(_ number: Int, for key: CallKey? = nil) async throws -> Todo {
        try await change("todos.reopen", number, TodoChanges(completed: false), key)
    }

    /// Gives the todo as it was.
    @discardableResult
    public func delete(_ number: Int, for key: CallKey? = nil) async throws -> Todo {
        try await write("todos.delete", ChangeArguments(number: number), key?.nextWrite()) { transaction, _ in
            let row = try transaction.one("DELETE FROM todos WHERE owner = \(owner) AND number = \(number) RETURNING \(Todo.columns)")
            guard let row else { throw TodoError.notFound(number) }
            return try Todo(row)
        }
    }

    private struct ChangeArguments: Encodable {
        var number: Int
        var changes: TodoChanges?
    }

    /// `key` is asked for once the fields are known to be good, so that a refused call takes no number of its writes.
    private func add(_ fields: TodoFields, key: () -> String?) async throws -> Todo {
        try fields.check()
        return try await write("todos.add", fields, key()) { transaction, now in
            let counter = try transaction.one(
                "UPDATE users SET next_todo = next_todo + 1 WHERE id = \(owner) RETURNING next_todo - 1 AS number"
            )
            guard let number = try counter?.int("number") else { throw StoreError.noSuchOwner }
            return try transaction.insert(fields, number: number, owner: owner, at: now)
        }
    }

    private func change(_ operation: String, _ number: Int, _ changes: TodoChanges, _ key: CallKey?) async throws -> Todo {
        try await write(operation, ChangeArguments(number: number, changes: changes), key?.nextWrite()) { transaction, now in
            // Holds the row from here on.
            let row = try transaction.one(
                "UPDATE todos SET updated_at = updated_at WHERE owner = \(owner) AND number = \(number) RETURNING \(Todo.columns)"
            )
            guard let todo = try row.map({ try Todo($0) }) else { throw TodoError.notFound(number) }
            guard changes != TodoChanges(), changes != TodoChanges(completed: todo.completed) else { return todo }
            var fields = todo.fields
            fields.apply(changes)
            return try transaction.update(fields, number: number, owner: owner, at: now)
        }
    }

    private func write(
        _ operation: String,
        _ arguments: some Encodable,
        _ key: String?,
        _ body: @Sendable @escaping (Transaction, Timestamp) throws -> Todo
    ) async throws -> Todo {
        let effect = try key.map { try Effect(key: $0, owner: owner, run: claim?.run, operation: operation, arguments: arguments) }
        // Read now: what is handed to the writer before this write must be stored before it.
        let position = claim?.lastEventID ?? 0
        let todo = try await store.database.write { transaction in
            let now = store.clock.now
            if let claim {
                // The account before the run, which is the order in which a deletion of the account locks them.
                try transaction.execute("UPDATE users SET next_todo = next_todo WHERE id = \(owner)")
                try transaction.verify(claim, upTo: position, at: now)
            }
            let todo = try transaction.once(effect, at: now) { try body(transaction, now) }
            if claim != nil { try Failpoint.reach(.changing) }
            return todo
        }
        if claim != nil { try Failpoint.reach(.changed) }
        return todo
    }
}

extension Transaction {
    fileprivate func insert(_ fields: TodoFields, number: Int, owner: String, at now: Timestamp) throws -> Todo {
        let row = try one(
            """
            INSERT INTO todos (owner, number, title, notes, due, completed, folded, created_at, updated_at, completed_at)
            VALUES (\(owner), \(number), \(fields.title), \(fields.notes), \(fields.due), \(fields.completed), \(fields.folded), \(now), \(now),
            \(fields.completed ? now : nil)) RETURNING \(Todo.columns)
            """
        )
        guard let row else { throw StoreError.failed("a new todo was not returned") }
        return try Todo(row)
    }

    fileprivate func update(_ fields: TodoFields, number: Int, owner: String, at now: Timestamp) throws -> Todo {
        let completedAt: SQL = fields.completed ? "COALESCE(completed_at, \(now))" : "NULL"
        let row = try one(
            """
            UPDATE todos SET title = \(fields.title), notes = \(fields.notes), due = \(fields.due), completed = \(fields.completed),
            folded = \(fields.folded), updated_at = \(now), completed_at = \(completedAt)
            WHERE owner = \(owner) AND number = \(number) RETURNING \(Todo.columns)
            """
        )
        guard let row else { throw TodoError.notFound(number) }
        return try Todo(row)
    }
}
