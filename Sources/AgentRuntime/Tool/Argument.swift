/// Declares one argument of a tool and, in a called tool, holds what the model sent.
///
/// The wire name is the property's name in snake_case. An argument has no default value: it is optional, and absent and null mean the same.
@propertyWrapper
public struct Argument<Value: ArgumentValue>: Sendable {
    private let state: State

    /// Declares the argument; the text is what the model reads about it.
    public init(_ description: String, _ constraint: ArgumentConstraint? = nil) {
        state = .declared(ArgumentDeclaration(description: description, schema: Value.argumentSchema.constrained(by: constraint)))
    }

    fileprivate init(value: Value) {
        state = .sent(value)
    }

    /// What the model sent. Reading it in a tool that was made with `init()` and never called is a mistake in the program.
    public var wrappedValue: Value {
        switch state {
        case .sent(let value): value
        case .declared: preconditionFailure("An argument has a value only in a tool that was called.")
        }
    }

    private enum State: Sendable {
        case declared(ArgumentDeclaration)
        case sent(Value)
    }
}

/// A limit on an argument beyond its type.
public enum ArgumentConstraint: Sendable, Hashable {
    /// Code points of a text.
    case length(ClosedRange<Int>)
    /// Bounds of an integer.
    case range(ClosedRange<Int>)
    /// How many elements a list may have.
    case count(ClosedRange<Int>)
}

/// What an `@Argument` says about itself.
struct ArgumentDeclaration: Sendable, Hashable {
    var description: String
    var schema: Schema
}

/// Finds the declarations in a tool made with `init()`.
protocol DeclaresArgument {
    var declaration: ArgumentDeclaration? { get }
}

extension Argument: DeclaresArgument {
    var declaration: ArgumentDeclaration? {
        if case .declared(let declaration) = state { declaration } else { nil }
    }
}

extension Argument: Decodable {
    public init(from decoder: any Decoder) throws {
        self.init(value: try decoder.singleValueContainer().decode(Value.self))
    }
}

extension KeyedDecodingContainer {
    /// Lets a model leave an optional argument out.
    public func decode<Wrapped: ArgumentValue>(_ type: Argument<Wrapped?>.Type, forKey key: Key) throws -> Argument<Wrapped?> {
        Argument(value: try decodeIfPresent(Wrapped.self, forKey: key))
    }
}

extension Schema {
    fileprivate func constrained(by constraint: ArgumentConstraint?) -> Schema {
        switch (self, constraint) {
        case (.optional(let wrapped), _): .optional(wrapped.constrained(by: constraint))
        case (.string, .length(let length)?): .string(length: length)
        case (.integer, .range(let range)?): .integer(range: range)
        case (.array(let element, _), .count(let count)?): .array(of: element, count: count)
        case (.array(let element, let count), let constraint?): .array(of: element.constrained(by: constraint), count: count)
        default: self
        }
    }
}
