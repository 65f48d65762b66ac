/// A parser that is fuzzed.
struct FuzzTarget: Sendable {
    let name: String
    /// What inputs begin as.
    let corpus: [[UInt8]]
    /// What is put into them: what means something to the parser, and limits of numbers.
    let words: [[UInt8]]
    /// What is wrong with how the input was dealt with; nil when nothing is.
    let check: @Sendable ([UInt8]) -> String?

    init(_ name: String, corpus: [String], words: [String], check: @Sendable @escaping ([UInt8]) -> String?) {
        self.name = name
        self.corpus = corpus.map { Array($0.utf8) }
        self.words = (words + Self.numbers).map { Array($0.utf8) } + Self.bytes
        self.check = check
    }

    static let all = [eventStream, tokenGate, requestBody, cookies, cursor]

    private static let numbers = [
        "0", "-1", "2147483648", "9007199254740993", "9223372036854775807", "9223372036854775808", "-9223372036854775808",
        "-9223372036854775809", "18446744073709551616", "1e300", "1E-400", "1.5", "\u{0661}",
    ]

    /// Line ends, NUL, and UTF-8 that is cut, too long, of a surrogate, or beyond Unicode.
    private static let bytes: [[UInt8]] = [
        [0x0A], [0x0D], [0x0D, 0x0A], [0x00], [0xEF, 0xBB, 0xBF], [0xC3], [0xE2, 0x80], [0xC0, 0x80], [0xED, 0xA0, 0x80],
        [0xF4, 0x90, 0x80, 0x80], [0xFF], [0xE2, 0x80, 0xA8], [0x65, 0xCC, 0x81], [0xF0, 0x9F, 0x91, 0xA9, 0xE2, 0x80, 0x8D],
    ]
}
