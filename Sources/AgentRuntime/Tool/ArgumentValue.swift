/// A type that a tool's argument can have.
public protocol ArgumentValue: Decodable, Sendable {
    /// What the model reads about the type.
    static var argumentSchema: Schema { get }
}

extension String: ArgumentValue {
    public static var argumentSchema: Schema { .string() }
}

extension Int: ArgumentValue {
    public static var argumentSchema: Schema { .integer() }
}

extension Double: ArgumentValue {
    public static var argumentSchema: Schema { .number }
}

extension Bool: ArgumentValue {
    public static var argumentSchema: Schema { .boolean }
}

extension Day: ArgumentValue {
    public static var argumentSchema: Schema { .day }
}

extension Array: ArgumentValue where Element: ArgumentValue {
    public static var argumentSchema: Schema { .array(of: Element.argumentSchema) }
}

extension Optional: ArgumentValue where Wrapped: ArgumentValue {
    public static var argumentSchema: Schema { .optional(Wrapped.argumentSchema) }
}

extension ArgumentValue where Self: CaseIterable & RawRepresentable, RawValue == String {
    public static var argumentSchema: Schema { .choice(allCases.map(\.rawValue)) }
}
