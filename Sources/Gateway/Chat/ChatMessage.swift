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

    /// A conversation's first title: the beginning of its first message.
    var title: String {
        let line = text.split(whereSeparator: \.isNewline).first { !$0.allSatisfy(\.isWhitespace) } ?? ""
        let scalars = line.unicodeScalars.prefix(60)
        return String(scalars) + (line.unicodeScalars.count > 60 ? "…" : "")
    }
}
