extension Conversation {
    /// A conversation's first title: the beginning of its first message.
    public static func title(of message: String) -> String {
        let line = message.split(whereSeparator: \.isNewline).first { !$0.allSatisfy(\.isWhitespace) } ?? ""
        let scalars = line.unicodeScalars.prefix(60)
        return String(scalars) + (line.unicodeScalars.count > 60 ? "…" : "")
    }
}
