import AgentRuntime
import Logging

/// One line of the log: a JSON object of at most 16 KB in characters that no reader of lines takes for the end of one.
struct LogLine: Sendable {
    /// In bytes, the end of the line among them.
    static let longest = 16_384
    /// To which texts are cut, in code points, when a line is too long.
    private static let cuts = [1_024, 128]
    /// Fields that are there however long the others are.
    private static let kept: Set = ["time", "level", "logger", "event", "request", "run", "user", "session", "client"]

    private var members: [String: JSONValue]

    init(_ metadata: Logger.Metadata) {
        members = metadata.mapValues(JSONValue.init)
    }

    subscript(name: String) -> String? {
        get { members[name]?.string }
        set { members[name] = newValue.map(JSONValue.string) }
    }

    var bytes: [UInt8] {
        let whole = Self.encoded(members)
        guard whole.count > Self.longest else { return whole }
        for length in Self.cuts {
            let cut = Self.encoded(Self.cut(members, to: length))
            if cut.count <= Self.longest { return cut }
        }
        var rest = Self.cut(members.filter { Self.kept.contains($0.key) }, to: 64)
        rest["message"] = "a longer line was left out"
        return Self.encoded(rest)
    }

    /// Arrays and objects become the texts that they are.
    private static func cut(_ members: [String: JSONValue], to length: Int) -> [String: JSONValue] {
        members.mapValues { value in
            let scalars = (value.string ?? value.text).unicodeScalars
            guard let end = scalars.index(scalars.startIndex, offsetBy: length, limitedBy: scalars.endIndex), end < scalars.endIndex else {
                return value
            }
            return .string(String(scalars[..<end]) + "...")
        }
    }

    /// JSON leaves alone what some readers take for the end of a line or for a command: U+007F to U+009F, U+2028 and U+2029.
    private static func encoded(_ members: [String: JSONValue]) -> [UInt8] {
        var line: [UInt8] = []
        var rest = JSONValue.object(members).bytes[...]
        while let byte = rest.popFirst() {
            switch (byte, rest.first, rest.dropFirst().first) {
            case (0x7F, _, _): escape(0x7F, in: &line)
            case (0xC2, let next?, _) where (0x80...0x9F).contains(next):
                rest.removeFirst()
                escape(next, in: &line)
            case (0xE2, 0x80?, let last?) where last == 0xA8 || last == 0xA9:
                rest.removeFirst(2)
                line += last == 0xA8 ? "\\u2028".utf8 : "\\u2029".utf8
            default: line.append(byte)
            }
        }
        return line + [UInt8(ascii: "\n")]
    }

    /// - Parameter code: From U+0010 up.
    private static func escape(_ code: UInt8, in line: inout [UInt8]) {
        line += ("\\u00" + String(code, radix: 16)).utf8
    }
}

extension JSONValue {
    fileprivate init(_ value: Logger.Metadata.Value) {
        switch value {
        case .string(let text): self = .string(text)
        case .stringConvertible(let text): self = .string(text.description)
        case .array(let values): self = .array(values.map(JSONValue.init))
        case .dictionary(let values): self = .object(values.mapValues(JSONValue.init))
        }
    }
}
