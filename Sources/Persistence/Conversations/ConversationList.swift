/// A part of a list of conversations, the latest first.
public struct ConversationList: Sendable, Hashable {
    public let data: [Conversation]
    public let hasMore: Bool

    /// Where the next part goes on; nil at the end.
    public var after: String? {
        hasMore ? data.last.map { Cursor(updatedAt: $0.updatedAt, id: $0.id).description } : nil
    }

    /// The place behind one conversation, as `after` says it.
    package struct Cursor: LosslessStringConvertible {
        package let updatedAt: Timestamp
        package let id: String

        init(updatedAt: Timestamp, id: String) {
            self.updatedAt = updatedAt
            self.id = id
        }

        package init?(_ text: String) {
            let parts = text.split(separator: ".", omittingEmptySubsequences: false)
            guard parts.count == 2, let moment = parts.first.flatMap({ Int64($0) }), let id = parts.last, !id.utf8.contains(0) else { return nil }
            self.init(updatedAt: Timestamp(milliseconds: moment), id: String(id))
        }

        package var description: String { "\(updatedAt.milliseconds).\(id)" }
    }
}
