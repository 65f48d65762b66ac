/// Reads a JSON text in one pass: https://www.rfc-editor.org/rfc/rfc8259
///
/// Every chunk of every model stream goes through it: Foundation's decoder needs some fifty times as long for a `JSONValue`,
/// whose type it has to find by trial.
struct JSONParser {
    private let bytes: [UInt8]
    private let dialect: JSONDialect
    private var position = 0
    private var depth = 0

    private init(_ bytes: [UInt8], _ dialect: JSONDialect) {
        self.bytes = bytes
        self.dialect = dialect
    }

    /// The one value that `bytes` hold.
    static func value(of bytes: [UInt8], in dialect: JSONDialect) throws(JSONError) -> JSONValue {
        var parser = JSONParser(bytes, dialect)
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) {
            guard !dialect.isStrict else { throw .byteOrderMark }
            parser.position = 3
        }
        // Outside of texts other bytes are a fault of their own; whoever must mend it is helped by the cause.
        if dialect.isStrict, String(validating: bytes, as: UTF8.self) == nil { throw .notUTF8 }
        parser.skipBlanks()
        guard parser.next != nil else { throw .empty }
        let value = try parser.value()
        parser.skipBlanks()
        guard parser.position == bytes.count else { throw parser.syntax }
        return value
    }

    private var next: UInt8? { position < bytes.count ? bytes[position] : nil }

    /// What is at this place does not belong there.
    private var syntax: JSONError { next == 0 ? .holdsNUL : .syntax(at: position) }

    private mutating func skipBlanks() {
        while let byte = next, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { position += 1 }
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard next == byte else { return false }
        position += 1
        return true
    }

    private mutating func value() throws(JSONError) -> JSONValue {
        switch next {
        case UInt8(ascii: "{"): try nested { (parser) throws(JSONError) in try parser.object() }
        case UInt8(ascii: "["): try nested { (parser) throws(JSONError) in try parser.array() }
        case UInt8(ascii: "\""): .string(try string())
        case UInt8(ascii: "t"): try literal("true", .bool(true))
        case UInt8(ascii: "f"): try literal("false", .bool(false))
        case UInt8(ascii: "n"): try literal("null", .null)
        default: try number()
        }
    }

    private mutating func nested(_ read: (inout JSONParser) throws(JSONError) -> JSONValue) throws(JSONError) -> JSONValue {
        guard depth < dialect.maxDepth else { throw .tooDeep(limit: dialect.maxDepth) }
        depth += 1
        position += 1
        skipBlanks()
        let value = try read(&self)
        depth -= 1
        return value
    }

    /// Of several members of one name the last counts, unless that is refused.
    private mutating func object() throws(JSONError) -> JSONValue {
        var members: [String: JSONValue] = [:]
        if take(UInt8(ascii: "}")) { return .object(members) }
        while true {
            guard next == UInt8(ascii: "\"") else { throw syntax }
            let name = try string()
            skipBlanks()
            guard take(UInt8(ascii: ":")) else { throw syntax }
            skipBlanks()
            let isRepeated = members.updateValue(try value(), forKey: name) != nil
            if isRepeated, dialect.isStrict { throw .repeatedKey }
            skipBlanks()
            if take(UInt8(ascii: "}")) { return .object(members) }
            guard take(UInt8(ascii: ",")) else { throw syntax }
            skipBlanks()
        }
    }

    private mutating func array() throws(JSONError) -> JSONValue {
        var values: [JSONValue] = []
        if take(UInt8(ascii: "]")) { return .array(values) }
        while true {
            values.append(try value())
            skipBlanks()
            if take(UInt8(ascii: "]")) { return .array(values) }
            guard take(UInt8(ascii: ",")) else { throw syntax }
            skipBlanks()
        }
    }

    private mutating func literal(_ text: StaticString, _ value: JSONValue) throws(JSONError) -> JSONValue {
        let end = position + text.utf8CodeUnitCount
        let isThere = end <= bytes.count && text.withUTF8Buffer { bytes[position..<end].elementsEqual($0) }
        guard isThere else { throw syntax }
        position = end
        return value
    }
}

extension JSONParser {
    private mutating func string() throws(JSONError) -> String {
        position += 1
        let start = position
        while let byte = next, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\"), byte >= 0x20 { position += 1 }
        guard next == UInt8(ascii: "\\") else {
            let text = bytes[start..<position]
            guard take(UInt8(ascii: "\"")) else { throw syntax }
            return try JSONParser.text(text)
        }
        return try stringWithEscapes(after: bytes[start..<position])
    }

    private mutating func stringWithEscapes(after start: ArraySlice<UInt8>) throws(JSONError) -> String {
        var text = Array(start)
        while let byte = next, byte >= 0x20 {
            position += 1
            switch byte {
            case UInt8(ascii: "\""): return try JSONParser.text(text[...])
            case UInt8(ascii: "\\"): try appendEscape(to: &text)
            default: text.append(byte)
            }
        }
        throw syntax
    }

    private mutating func appendEscape(to text: inout [UInt8]) throws(JSONError) {
        guard let byte = next else { throw syntax }
        position += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(byte)
        case UInt8(ascii: "b"): text.append(0x08)
        case UInt8(ascii: "f"): text.append(0x0C)
        case UInt8(ascii: "n"): text.append(0x0A)
        case UInt8(ascii: "r"): text.append(0x0D)
        case UInt8(ascii: "t"): text.append(0x09)
        case UInt8(ascii: "u"): text.append(contentsOf: String(try scalar()).utf8)
        default: throw syntax
        }
    }

    /// What follows `\u`: one code unit, or the two of a surrogate pair. Half a pair is no text.
    private mutating func scalar() throws(JSONError) -> Character {
        let unit = try codeUnit()
        guard unit != 0 || !dialect.isStrict else { throw .holdsNUL }
        if let scalar = Unicode.Scalar(unit) { return Character(scalar) }
        guard (0xD800..<0xDC00).contains(unit), take(UInt8(ascii: "\\")), take(UInt8(ascii: "u")) else { throw .loneSurrogate }
        let low = try codeUnit()
        guard (0xDC00..<0xE000).contains(low), let scalar = Unicode.Scalar(0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00)) else {
            throw .loneSurrogate
        }
        return Character(scalar)
    }

    private mutating func codeUnit() throws(JSONError) -> UInt32 {
        guard bytes.count - position >= 4 else { throw syntax }
        var unit: UInt32 = 0
        for byte in bytes[position..<position + 4] {
            guard let digit = Character(Unicode.Scalar(byte)).hexDigitValue, byte < 0x80 else { throw syntax }
            unit = unit << 4 | UInt32(digit)
        }
        position += 4
        return unit
    }

    private static func text(_ bytes: ArraySlice<UInt8>) throws(JSONError) -> String {
        guard let text = String(validating: bytes, as: UTF8.self) else { throw .notUTF8 }
        return text
    }
}

extension JSONParser {
    /// An integer when it is one and has room; however it is written, unless the dialect is strict.
    private mutating func number() throws(JSONError) -> JSONValue {
        let start = position
        _ = take(UInt8(ascii: "-"))
        let integerStart = position
        try skipDigits()
        guard bytes[integerStart] != UInt8(ascii: "0") || position == integerStart + 1 else { throw .syntax(at: integerStart) }
        let isWhole = next != UInt8(ascii: ".") && next != UInt8(ascii: "e") && next != UInt8(ascii: "E")
        if take(UInt8(ascii: ".")) { try skipDigits() }
        if take(UInt8(ascii: "e")) || take(UInt8(ascii: "E")) {
            if !take(UInt8(ascii: "+")) { _ = take(UInt8(ascii: "-")) }
            try skipDigits()
        }
        let text = String(decoding: bytes[start..<position], as: UTF8.self)
        if isWhole, let integer = Int(text) { return .integer(integer) }
        guard let number = Double(text), number.isFinite else { throw .numberOutOfRange }
        return dialect.isStrict ? .number(number) : Int(exactly: number).map(JSONValue.integer) ?? .number(number)
    }

    private mutating func skipDigits() throws(JSONError) {
        let start = position
        while let byte = next, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) { position += 1 }
        guard position > start else { throw syntax }
    }
}
