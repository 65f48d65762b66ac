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
        /// In code points.
        package static let longestID = 80
        package static let mostDigits = 18

        package let updatedAt: Timestamp
        package let id: String

        init(updatedAt: Timestamp, id: String) {
            self.updatedAt = updatedAt
            self.id = id
        }

        package init?(_ text: String) {
            // As characters the point and what follows may be one.
            guard let point = text.utf8.firstIndex(of: UInt8(ascii: ".")), let moment = Self.moment(text[..<point]) else { return nil }
            let id = text[text.utf8.index(after: point)...]
            guard id.unicodeScalars.count <= Self.longestID, !id.utf8.contains(where: { $0 == 0 || $0 == UInt8(ascii: ".") }) else { return nil }
            self.init(updatedAt: Timestamp(milliseconds: moment), id: String(id))
        }

        package var description: String { "\(updatedAt.milliseconds).\(id)" }

        private static func moment(_ text: Substring) -> Int64? {
            let digits = text.utf8.first == UInt8(ascii: "-") ? text.utf8.dropFirst() : text.utf8
            guard digits.count <= mostDigits, digits.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
            return Int64(text)
        }
    }
}
