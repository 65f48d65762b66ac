import Persistence

/// What a person sends.
struct ChatMessage: Sendable {
    static let length = 1...16_000

    var text: String
    var conversation: String?
    /// The run whose message this one stands in place of.
    var replacing: String?
    /// The IANA name; nil for the account's last.
    var timeZone: String?
    var idempotencyKey: String?

    /// That of a conversation which begins with it.
    var title: String { Conversation.title(of: text) }
}
