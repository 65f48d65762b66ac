import AgentRuntime
import Hummingbird

/// The fields of a JSON object that was sent, taken out one by one.
///
/// What is missing, of another type or out of bounds is noted, and so is every field that nobody asked for; `read` then refuses them all
/// together.
struct RequestFields {
    private let members: [String: JSONValue]
    private var known: Set<String> = []
    private var faults: [Problem.Field] = []

    private init(_ members: [String: JSONValue]) {
        self.members = members
    }

    /// Reads the body of a request with `make`, which gives nil when it noted a fault.
    ///
    /// Throws `Problem`: 400 for what is not one JSON object, 422 for its fields.
    static func read<T>(_ request: Request, _ make: (inout RequestFields) throws -> T?) async throws -> T {
        // `BodyGate` has limited the body already.
        let body = try await request.body.collect(upTo: BodyGate.Limit.message.bytes)
        return try read(Array(body.readableBytesView), make)
    }

    static func read<T>(_ body: [UInt8], _ make: (inout RequestFields) throws -> T?) throws -> T {
        let json: JSONValue
        do {
            json = try JSONValue(json: body, as: .strict)
        } catch {
            throw Problem(.malformedRequest, error.sentence)
        }
        guard let members = json.object else { throw Problem(.malformedRequest, "The body must be one JSON object, not \(json.kind).") }
        var fields = RequestFields(members)
        let value = try make(&fields)
        try fields.finish()
        guard let value else { throw Problem.invalid([]) }
        return value
    }

    /// Notes that a field is not as it must be. The message goes on from the field's name: "must not be blank".
    mutating func refuse(_ name: String, _ message: String) {
        faults.append(Problem.Field(path: name, message: message))
    }

    /// A text that must be there; nil when it is not as it must be. Length is counted in code points.
    mutating func text(_ name: String, _ length: ClosedRange<Int> = 0...Int.max) -> String? {
        guard let value = value(name), !value.isNull else {
            refuse(name, "is required")
            return nil
        }
        return optionalText(name, length)
    }

    /// Nil when the field is absent or null.
    mutating func optionalText(_ name: String, _ length: ClosedRange<Int> = 0...Int.max) -> String? {
        guard let value = value(name), !value.isNull else { return nil }
        guard let text = value.string else { return refuse(name, expected: "a string", got: value) }
        // Bytes first: counting the code points of a long text is not free.
        guard text.utf8.count / 4 <= length.upperBound, length.contains(text.unicodeScalars.count) else {
            refuse(name, "must have \(Self.words(for: length)) characters")
            return nil
        }
        return text
    }

    mutating func optionalBool(_ name: String) -> Bool? {
        guard let value = value(name), !value.isNull else { return nil }
        return value.bool ?? refuse(name, expected: "true or false", got: value)
    }

    mutating func optionalInteger(_ name: String) -> Int? {
        guard let value = value(name), !value.isNull else { return nil }
        guard case .integer(let integer) = value else { return refuse(name, expected: "a whole number", got: value) }
        return integer
    }

    /// A text that `T` reads, such as a day; `expected` says what it must be.
    mutating func optional<T: LosslessStringConvertible>(_ name: String, as type: T.Type, expected: String) -> T? {
        guard let value = value(name), !value.isNull else { return nil }
        guard let text = value.string else { return refuse(name, expected: expected, got: value) }
        guard let read = T(text) else {
            refuse(name, "must be \(expected)")
            return nil
        }
        return read
    }

    /// One of the values of an enumeration.
    mutating func optionalChoice<T: RawRepresentable & CaseIterable>(_ name: String, of type: T.Type) -> T? where T.RawValue == String {
        guard let value = value(name), !value.isNull else { return nil }
        guard let choice = value.string.flatMap({ T(rawValue: $0) }) else {
            refuse(name, "must be \(T.allCases.map(\.rawValue).joined(separator: " or "))")
            return nil
        }
        return choice
    }

    /// Some values of an enumeration, at least one.
    mutating func optionalChoices<T: RawRepresentable & CaseIterable & Hashable>(_ name: String, of type: T.Type) -> Set<T>?
    where T.RawValue == String {
        guard let value = value(name), !value.isNull else { return nil }
        guard let values = value.array else { return refuse(name, expected: "a list", got: value) }
        let choices = values.prefix(T.allCases.count).compactMap { $0.string.flatMap { T(rawValue: $0) } }
        guard !values.isEmpty, Set(choices).count == values.count else {
            refuse(name, "must list some of \(T.allCases.map(\.rawValue).joined(separator: ", ")), each at most once")
            return nil
        }
        return Set(choices)
    }

    /// Any JSON, as it was sent; nil when the field is absent.
    mutating func optionalJSON(_ name: String) -> JSONValue? {
        value(name)
    }

    /// Whether the field was sent, be it null.
    mutating func contains(_ name: String) -> Bool {
        value(name) != nil
    }

    /// Whether the field was sent as null.
    mutating func isNull(_ name: String) -> Bool {
        value(name)?.isNull ?? false
    }

    private mutating func value(_ name: String) -> JSONValue? {
        known.insert(name)
        return members[name]
    }

    private mutating func refuse<T>(_ name: String, expected: String, got value: JSONValue) -> T? {
        refuse(name, "must be \(expected), not \(value.kind)")
        return nil
    }

    private func finish() throws(Problem) {
        let unknown = members.keys.filter { !known.contains($0) }.sorted().prefix(20).map { name in
            Problem.Field(path: String(name.prefix(60)), message: "is not a known field")
        }
        guard faults.isEmpty, unknown.isEmpty else { throw .invalid(faults + unknown) }
    }

    private static func words(for length: ClosedRange<Int>) -> String {
        length.lowerBound == 0 ? "at most \(length.upperBound)" : "\(length.lowerBound) to \(length.upperBound)"
    }
}
