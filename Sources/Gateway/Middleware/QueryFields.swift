import Hummingbird

/// The parameters of a query string, taken out one by one, as `RequestFields` does for a body.
struct QueryFields {
    private let values: [String: String]
    private var known: Set<String> = []
    private var faults: [Problem.Field] = []

    /// Throws `Problem`: 400 for a query that cannot be read, 422 for its parameters.
    static func read<T>(_ request: Request, _ make: (inout QueryFields) throws -> T) throws -> T {
        try read(request.uri.query ?? "", make)
    }

    static func read<T>(_ query: String, _ make: (inout QueryFields) throws -> T) throws -> T {
        var fields = try QueryFields(query)
        let value = try make(&fields)
        try fields.finish()
        return value
    }

    private init(_ query: String) throws(Problem) {
        var values: [String: String] = [:]
        for pair in query.utf8.split(separator: UInt8(ascii: "&")) {
            let equals = pair.firstIndex(of: UInt8(ascii: "=")) ?? pair.endIndex
            guard let name = Self.decoded(pair[..<equals]), let value = Self.decoded(pair[equals...].dropFirst()) else {
                throw Problem(.malformedRequest, "The query is not percent-encoded UTF-8.")
            }
            guard values.updateValue(value, forKey: name) == nil else { throw .invalid(String(name.prefix(60)), "was sent more than once") }
        }
        self.values = values
    }

    mutating func refuse(_ name: String, _ message: String) {
        faults.append(Problem.Field(path: name, message: message))
    }

    /// Length is counted in code points.
    mutating func text(_ name: String, _ length: ClosedRange<Int>) -> String? {
        guard let text = value(name) else { return nil }
        guard text.utf8.count / 4 <= length.upperBound, length.contains(text.unicodeScalars.count) else {
            refuse(name, "must have \(length.lowerBound) to \(length.upperBound) characters")
            return nil
        }
        return text
    }

    /// How many items of a list are asked for: a decimal from 1 up; above 100 it counts as 100.
    mutating func limit(_ name: String = "limit", default standard: Int) -> Int {
        guard let text = value(name) else { return standard }
        guard Self.isDecimal(text), text.utf8.contains(where: { $0 != UInt8(ascii: "0") }) else {
            refuse(name, "must be a whole number from 1 up")
            return standard
        }
        return min(Int(text) ?? 100, 100)
    }

    /// A number from 0 up that came with an earlier part of the list.
    mutating func cursor(_ name: String = "after") -> Int? {
        guard let text = value(name) else { return nil }
        guard Self.isDecimal(text), let number = Int(text) else {
            refuse(name, "must be the value that came with the part before")
            return nil
        }
        return number
    }

    mutating func choice<T: RawRepresentable & CaseIterable>(_ name: String, of type: T.Type) -> T? where T.RawValue == String {
        guard let text = value(name) else { return nil }
        guard let choice = T(rawValue: text) else {
            refuse(name, "must be \(T.allCases.map(\.rawValue).joined(separator: " or "))")
            return nil
        }
        return choice
    }

    private mutating func value(_ name: String) -> String? {
        known.insert(name)
        return values[name]
    }

    private func finish() throws(Problem) {
        let unknown = values.keys.filter { !known.contains($0) }.sorted().prefix(20).map { name in
            Problem.Field(path: String(name.prefix(60)), message: "is not a known parameter")
        }
        guard faults.isEmpty, unknown.isEmpty else { throw .invalid(faults + unknown) }
    }

    private static func isDecimal(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    }

    /// https://url.spec.whatwg.org/#concept-urlencoded-parser, but strict.
    private static func decoded(_ text: Substring.UTF8View) -> String? {
        var bytes: [UInt8] = []
        var rest = text.makeIterator()
        while let byte = rest.next() {
            switch byte {
            case UInt8(ascii: "+"): bytes.append(0x20)
            case UInt8(ascii: "%"):
                guard let high = digit(rest.next()), let low = digit(rest.next()) else { return nil }
                bytes.append(high << 4 | low)
            default: bytes.append(byte)
            }
        }
        guard !bytes.contains(0) else { return nil }
        return String(validating: bytes, as: UTF8.self)
    }

    private static func digit(_ byte: UInt8?) -> UInt8? {
        byte.flatMap { Character(Unicode.Scalar($0)).hexDigitValue }.map { UInt8($0) }
    }
}
