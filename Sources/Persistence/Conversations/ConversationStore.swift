/// The conversations. What was said in them is in the logs of their runs.
public struct ConversationStore: Sendable {
    public static let titleLength = 1...200

    private let database: any Database
    private let clock: WallClock
    private let identifiers: IdentifierGenerator

    public init(database: any Database, clock: WallClock = .system, identifiers: IdentifierGenerator = IdentifierGenerator()) {
        self.database = database
        self.clock = clock
        self.identifiers = identifiers
    }

    /// An empty conversation. One that begins with a message is made by `RunStore.accept`.
    public func create(owner: String, title: String) async throws -> Conversation {
        try Self.check(title)
        let id = identifiers.next()
        return try await database.write { [clock] in try $0.insertConversation(id, owner: owner, title: title, at: clock.now) }
    }

    public func get(_ id: String, owner: String) async throws -> Conversation {
        let row = try await database.read {
            try $0.one("SELECT \(Conversation.columns) FROM conversations WHERE id = \(id) AND owner = \(owner)")
        }
        guard let row else { throw ConversationError.notFound }
        return try Conversation(row)
    }

    /// The latest first.
    /// - Parameter query: Words that must all occur in the title, whatever their case and accents.
    /// - Parameter limit: Taken as 1 below 1, and as 100 above 100.
    /// - Parameter after: From an earlier list's `after`.
    public func list(owner: String, query: String? = nil, limit: Int = 100, after: String? = nil) async throws -> ConversationList {
        let limit = min(max(limit, 1), 100)
        let rest = try Self.condition(after: after)
        let words = try Self.condition(query: query)
        return try await database.read { transaction in
            let rows = try transaction.all(
                """
                SELECT \(Conversation.columns) FROM conversations WHERE owner = \(owner) AND \(rest) AND \(words)
                ORDER BY updated_at DESC, id DESC LIMIT \(limit + 1)
                """
            )
            return ConversationList(data: try rows.prefix(limit).map { try Conversation($0) }, hasMore: rows.count > limit)
        }
    }

    @discardableResult
    public func rename(_ id: String, to title: String, owner: String) async throws -> Conversation {
        try Self.check(title)
        let row = try await database.write { transaction in
            try transaction.one(
                """
                UPDATE conversations SET title = \(title), folded = \(SearchText.folded(title))
                WHERE id = \(id) AND owner = \(owner) RETURNING \(Conversation.columns)
                """
            )
        }
        guard let row else { throw ConversationError.notFound }
        return try Conversation(row)
    }

    /// Deletes the conversation with its runs, their events and what is kept of their effects, all at once.
    /// - Returns: The run that was active, which its process has to end; every later write of it is refused.
    @discardableResult
    public func delete(_ id: String, owner: String) async throws -> String? {
        try await database.write { transaction in
            let active = try transaction.one(
                "SELECT id FROM runs WHERE conversation_id = \(id) AND owner = \(owner) AND \(Run.isActive)"
            )
            let changes = try transaction.execute("DELETE FROM conversations WHERE id = \(id) AND owner = \(owner)")
            guard changes == 1 else { throw ConversationError.notFound }
            try Failpoint.reach(.deleting)
            return try active?.text("id")
        }
    }

    /// Moves the conversation to the top of the list.
    public func touch(_ id: String, owner: String) async throws {
        let changes = try await database.write { [clock] in
            try $0.execute("UPDATE conversations SET updated_at = \(clock.now) WHERE id = \(id) AND owner = \(owner)")
        }
        guard changes == 1 else { throw ConversationError.notFound }
    }

    private static func check(_ title: String) throws(ConversationError) {
        guard title.utf8.count <= titleLength.upperBound * 4, titleLength.contains(title.unicodeScalars.count), !title.utf8.contains(0),
            title.unicodeScalars.contains(where: { !$0.properties.isWhitespace })
        else {
            throw .invalid(field: "title", sentence: "The title must have 1 to \(titleLength.upperBound) characters and must not be blank.")
        }
    }

    private static func condition(after text: String?) throws(ConversationError) -> SQL {
        guard let text else { return "1 = 1" }
        guard let cursor = ConversationList.Cursor(text) else {
            throw .invalid(field: "after", sentence: "'after' must be what an earlier list gave.")
        }
        return "(updated_at, id) < (\(cursor.updatedAt), \(cursor.id))"
    }

    private static func condition(query: String?) throws(ConversationError) -> SQL {
        guard let query else { return "1 = 1" }
        guard query.utf8.count <= titleLength.upperBound * 4, query.unicodeScalars.count <= titleLength.upperBound, !query.utf8.contains(0) else {
            throw .invalid(field: "query", sentence: "The query must have at most \(titleLength.upperBound) characters.")
        }
        return SearchText.condition(query)
    }
}

extension Transaction {
    /// Throws `StoreError.noSuchOwner`.
    func insertConversation(_ id: String, owner: String, title: String, at now: Timestamp) throws -> Conversation {
        let row = try one(
            """
            INSERT INTO conversations (id, owner, title, folded, created_at, updated_at)
            SELECT \(id), users.id, \(title), \(SearchText.folded(title)), \(now), \(now) FROM users WHERE users.id = \(owner)
            RETURNING \(Conversation.columns)
            """
        )
        guard let row else { throw StoreError.noSuchOwner }
        return try Conversation(row)
    }
}
