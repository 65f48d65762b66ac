import AgentRuntime

/// A moment, in milliseconds since 1970; written `2026-11-23T05:55:00.123Z` (RFC 3339).
public struct Timestamp: Sendable, Hashable, Comparable {
    public let milliseconds: Int64

    public init(milliseconds: Int64) {
        self.milliseconds = milliseconds
    }

    /// Holds at the ends of what 64 bits can say.
    public func adding(_ duration: Duration) -> Timestamp {
        let (seconds, attoseconds) = duration.components
        let (whole, overflow) = seconds.multipliedReportingOverflow(by: 1_000)
        guard !overflow else { return Timestamp(milliseconds: seconds < 0 ? .min : .max) }
        let (sum, leaves) = milliseconds.addingReportingOverflow(whole &+ attoseconds / 1_000_000_000_000_000)
        return Timestamp(milliseconds: leaves ? (seconds < 0 ? .min : .max) : sum)
    }

    public static func < (left: Timestamp, right: Timestamp) -> Bool {
        left.milliseconds < right.milliseconds
    }
}

extension Timestamp: SQLValue {
    public var bind: SQLBind { .integer(milliseconds) }
}

extension Timestamp: LosslessStringConvertible {
    private static let day: Int64 = 86_400_000

    /// Reads exactly what `description` writes.
    public init?(_ text: String) {
        let bytes = Array(text.utf8)
        guard bytes.count == 24, bytes[10] == UInt8(ascii: "T"), bytes[13] == UInt8(ascii: ":"), bytes[16] == UInt8(ascii: ":"),
            bytes[19] == UInt8(ascii: "."), bytes[23] == UInt8(ascii: "Z"), let day = Day(String(decoding: bytes[0..<10], as: UTF8.self)),
            let hour = Self.number(bytes[11..<13]), let minute = Self.number(bytes[14..<16]), let second = Self.number(bytes[17..<19]),
            let millisecond = Self.number(bytes[20..<23]), hour < 24, minute < 60, second < 60
        else { return nil }
        milliseconds = Int64(day.daysSince1970) * Self.day + ((hour * 60 + minute) * 60 + second) * 1_000 + millisecond
    }

    /// A moment outside the years 1 to 9999 is written as the nearest day inside them.
    public var description: String {
        let (days, rest) = milliseconds.quotientAndRemainder(dividingBy: Self.day)
        let time = rest < 0 ? rest + Self.day : rest
        let number = Int(rest < 0 ? days - 1 : days)
        let day = Day(daysSince1970: min(max(number, -719_162), 2_932_896))?.description ?? ""
        let clock = [(time / 3_600_000, 2), (time / 60_000 % 60, 2), (time / 1_000 % 60, 2)].map { Self.padded($0, to: $1) }.joined(separator: ":")
        return "\(day)T\(clock).\(Self.padded(time % 1_000, to: 3))Z"
    }

    private static func number(_ digits: ArraySlice<UInt8>) -> Int64? {
        digits.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) } ? Int64(String(decoding: digits, as: UTF8.self)) : nil
    }

    private static func padded(_ number: Int64, to width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}

extension Timestamp: Codable {
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let timestamp = Timestamp(try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "a moment is written as in RFC 3339, in UTC, with milliseconds")
        }
        self = timestamp
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
