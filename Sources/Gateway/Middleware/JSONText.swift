import AgentRuntime

/// Reads JSON as RFC 8259 writes it and nothing else. Foundation's decoder takes other encodings, trailing commas and repeated keys.
///
/// Refused besides: a repeated key, U+0000, and more than 32 levels, since each of them means different things to different readers.
struct JSONText {
    enum Fault: Error, Hashable {
        case empty
        case notUTF8
        case byteOrderMark
        case tooDeep
        case repeatedKey
        case holdsNUL
        case loneSurrogate
        case numberOutOfRange
        case syntax(at: Int)
    }

    static let maximumDepth = 32

    private let bytes: [UInt8]
    private var position = 0

    private init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    static func parse(_ bytes: [UInt8]) throws(Fault) -> JSONValue {
        guard !bytes.starts(with: [0xEF, 0xBB, 0xBF]) else { throw .byteOrderMark }
        guard String(validating: bytes, as: UTF8.self) != nil else { throw .notUTF8 }
        var text = JSONText(bytes)
        text.skipSpace()
        guard text.next != nil else { throw .empty }
        let value = try text.value(depth: 0)
        text.skipSpace()
        guard text.next == nil else { throw text.syntax }
        return value
    }

    private var next: UInt8? {
        position < bytes.count ? bytes[position] : nil
    }

    private var syntax: Fault { next == 0 ? .holdsNUL : .syntax(at: position) }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard next == byte else { return false }
        position += 1
        return true
    }

    private mutating func skipSpace() {
        while let byte = next, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { position += 1 }
    }

    private mutating func value(depth: Int) throws(Fault) -> JSONValue {
        switch next {
        case UInt8(ascii: "{"): return try object(depth: depth + 1)
        case UInt8(ascii: "["): return try array(depth: depth + 1)
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        default: return try number()
        }
    }

    private mutating func object(depth: Int) throws(Fault) -> JSONValue {
        guard depth <= Self.maximumDepth else { throw .tooDeep }
        position += 1
        skipSpace()
        if take(UInt8(ascii: "}")) { return .object([:]) }
        var members: [String: JSONValue] = [:]
        repeat {
            skipSpace()
            guard next == UInt8(ascii: "\"") else { throw syntax }
            let key = try string()
            skipSpace()
            guard take(UInt8(ascii: ":")) else { throw syntax }
            skipSpace()
            guard members.updateValue(try value(depth: depth), forKey: key) == nil else { throw .repeatedKey }
            skipSpace()
        } while take(UInt8(ascii: ","))
        guard take(UInt8(ascii: "}")) else { throw syntax }
        return .object(members)
    }

    private mutating func array(depth: Int) throws(Fault) -> JSONValue {
        guard depth <= Self.maximumDepth else { throw .tooDeep }
        position += 1
        skipSpace()
        if take(UInt8(ascii: "]")) { return .array([]) }
        var values: [JSONValue] = []
        repeat {
            skipSpace()
            values.append(try value(depth: depth))
            skipSpace()
        } while take(UInt8(ascii: ","))
        guard take(UInt8(ascii: "]")) else { throw syntax }
        return .array(values)
    }

    private mutating func word(_ word: String, _ value: JSONValue) throws(Fault) -> JSONValue {
        guard bytes[position...].starts(with: word.utf8) else { throw syntax }
        position += word.utf8.count
        return value
    }

    private mutating func number() throws(Fault) -> JSONValue {
        let start = position
        _ = take(UInt8(ascii: "-"))
        if !take(UInt8(ascii: "0")) { try digits() }
        var isInteger = true
        if take(UInt8(ascii: ".")) {
            isInteger = false
            try digits()
        }
        if take(UInt8(ascii: "e")) || take(UInt8(ascii: "E")) {
            isInteger = false
            if !take(UInt8(ascii: "+")) { _ = take(UInt8(ascii: "-")) }
            try digits()
        }
        let text = String(decoding: bytes[start..<position], as: UTF8.self)
        if isInteger, let integer = Int(text) { return .integer(integer) }
        guard let number = Double(text), number.isFinite else { throw .numberOutOfRange }
        return .number(number)
    }

    private mutating func digits() throws(Fault) {
        let start = position
        while let byte = next, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) { position += 1 }
        guard position > start else { throw syntax }
    }

    private mutating func string() throws(Fault) -> String {
        position += 1
        var content: [UInt8] = []
        while let byte = next {
            switch byte {
            case UInt8(ascii: "\""):
                position += 1
                return String(decoding: content, as: UTF8.self)
            case UInt8(ascii: "\\"):
                position += 1
                content += try escape()
            case 0..<0x20: throw syntax
            default:
                content.append(byte)
                position += 1
            }
        }
        throw syntax
    }

    private mutating func escape() throws(Fault) -> [UInt8] {
        guard let byte = next else { throw syntax }
        position += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return [byte]
        case UInt8(ascii: "b"): return [0x08]
        case UInt8(ascii: "f"): return [0x0C]
        case UInt8(ascii: "n"): return [0x0A]
        case UInt8(ascii: "r"): return [0x0D]
        case UInt8(ascii: "t"): return [0x09]
        case UInt8(ascii: "u"): return Array(String(Character(try scalar())).utf8)
        default: throw .syntax(at: position - 1)
        }
    }

    private mutating func scalar() throws(Fault) -> Unicode.Scalar {
        let first = try hexadecimal()
        guard first != 0 else { throw .holdsNUL }
        if let scalar = Unicode.Scalar(first) { return scalar }
        guard first < 0xDC00, take(UInt8(ascii: "\\")), take(UInt8(ascii: "u")) else { throw .loneSurrogate }
        let second = try hexadecimal()
        guard (0xDC00...0xDFFF).contains(second), let scalar = Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00)) else {
            throw .loneSurrogate
        }
        return scalar
    }

    private mutating func hexadecimal() throws(Fault) -> UInt32 {
        var value: UInt32 = 0
        for _ in 0..<4 {
            guard let byte = next, let digit = Character(Unicode.Scalar(byte)).hexDigitValue else { throw syntax }
            value = value << 4 | UInt32(digit)
            position += 1
        }
        return value
    }
}

extension JSONText.Fault {
    /// What the sender is to mend.
    var sentence: String {
        switch self {
        case .empty: "The body is empty; send one JSON object."
        case .notUTF8: "The body is not UTF-8."
        case .byteOrderMark: "The body begins with a byte order mark; send UTF-8 without one."
        case .tooDeep: "The body is nested more than \(JSONText.maximumDepth) levels deep."
        case .repeatedKey: "The body has the same key twice in one object."
        case .holdsNUL: "The body holds the character U+0000."
        case .loneSurrogate: "The body holds half of a surrogate pair."
        case .numberOutOfRange: "The body holds a number that is too large."
        case .syntax(let position): "The body is not JSON: look at byte \(position)."
        }
    }
}
