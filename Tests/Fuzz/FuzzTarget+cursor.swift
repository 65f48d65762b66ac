import Persistence

extension FuzzTarget {
    /// `after` of a list of conversations. What is taken is written in one way again.
    static let cursor = FuzzTarget(
        "cursor",
        corpus: ["1795446958621.01a208f9-ae0a-7542-9b31-88291faf8539", "0.", "-1.x", "9223372036854775807.01a2", ".", "1795446958621"],
        words: [".", "..", "-", "+", "00", " ", "'", "%"]
    ) { input in
        guard let cursor = ConversationList.Cursor(String(decoding: input, as: UTF8.self)) else { return nil }
        guard !cursor.id.utf8.contains(0) else { return "it holds NUL" }
        guard let again = ConversationList.Cursor(cursor.description) else { return "what it is written as is refused" }
        return again.description == cursor.description && again.updatedAt == cursor.updatedAt ? nil : "it is read as another"
    }
}
