/// The keys that tokens are signed with: the current one, and those whose tokens are still good.
public struct SigningKeys: Sendable {
    struct Key: Sendable {
        /// The first 16 hexadecimal digits of the key's SHA-256.
        let id: String
        let secret: Secret
    }

    /// 256 bits, as HS256 demands: https://www.rfc-editor.org/rfc/rfc7518#section-3.2
    static let minimumLength = 32

    /// The one that signs.
    let current: Key
    /// The one whose tokens are still good.
    let previous: Key?

    /// Reads `KEY`, or `NEW,OLD` to rotate. The UTF-8 bytes of the text are the key.
    public init(text: String) throws(SigningKeyError) {
        var parts = text.utf8.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false).makeIterator()
        current = try Self.key(parts.next() ?? text.utf8[...])
        previous = if let part = parts.next() { try Self.key(part) } else { nil }
        guard parts.next() == nil else { throw .tooMany }
        guard previous?.id != current.id else { throw .repeated }
    }

    var all: [Key] { [current] + (previous.map { [$0] } ?? []) }

    private static func key(_ text: Substring.UTF8View) throws(SigningKeyError) -> Key {
        let bytes = Array(text)
        guard let first = bytes.first, let last = bytes.last else { throw .missing }
        guard first > 0x20, last > 0x20 else { throw .surroundedBySpace }
        guard bytes.count >= minimumLength else { throw .tooShort(bytes: bytes.count) }
        guard !bytes.allSatisfy({ $0 == first }) else { throw .oneLetter }
        return Key(id: id(of: bytes), secret: Secret(bytes))
    }

    private static func id(of key: [UInt8]) -> String {
        let digits = Array("0123456789abcdef".utf8)
        let text = Sodium.sha256(key).prefix(8).flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 0xF)]] }
        return String(decoding: text, as: UTF8.self)
    }
}
