import Synchronization

/// Makes ids of traces, spans and groups, in the SDK's form.
final class TraceIDs: Sendable {
    private let generator: Mutex<any RandomNumberGenerator & Sendable>

    init(_ generator: any RandomNumberGenerator & Sendable) {
        self.generator = Mutex(generator)
    }

    func trace() -> String { "trace_" + digits(32) }
    func span() -> String { "span_" + digits(24) }
    func group() -> String { "group_" + digits(24) }

    /// The id of the trace of a run whose log names none: the same for every part of the run.
    static func trace(ofRun run: String) -> String { "trace_" + derivedDigits(of: run, count: 32) }

    /// The hex digits of an id in the SDK's form, the first `count` of them; of any other text digits that it always gives.
    /// Zeros alone stand for no id.
    static func digits(of id: String, count: Int) -> String {
        let tail = id.utf8.drop { $0 != UInt8(ascii: "_") }.dropFirst()
        let isHex = tail.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains($0) }
        guard isHex, tail.count >= count, tail.prefix(count).contains(where: { $0 != UInt8(ascii: "0") }) else {
            return derivedDigits(of: id, count: count)
        }
        return String(decoding: tail.prefix(count), as: UTF8.self)
    }

    private func digits(_ count: Int) -> String {
        let words = generator.withLock { generator in [generator.next(), generator.next()] }
        return String(words.map(TraceIDs.hex).joined().prefix(count))
    }

    /// Two FNV-1a hashes from different bases: http://www.isthe.com/chongo/tech/comp/fnv/
    private static func derivedDigits(of text: String, count: Int) -> String {
        let bases: [UInt64] = [0xcbf2_9ce4_8422_2325, 0x6c62_272e_07bb_0142]
        let words = bases.map { base in text.utf8.reduce(base) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01b3 } }
        return String(words.map(hex).joined().prefix(count))
    }

    private static func hex(_ word: UInt64) -> String {
        let digits = String(word, radix: 16)
        return String(repeating: "0", count: 16 - digits.utf8.count) + digits
    }
}
