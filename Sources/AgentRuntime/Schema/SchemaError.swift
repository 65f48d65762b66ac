/// A JSON Schema that strict mode does not take.
public struct SchemaError: Error, Sendable, Hashable, CustomStringConvertible {
    public let description: String

    init(_ sentence: String) {
        description = sentence
    }
}

/// A value that does not fit its schema, with the place.
public struct SchemaMismatch: Error, Sendable, Hashable, CustomStringConvertible {
    /// As a JSON Pointer: https://www.rfc-editor.org/rfc/rfc6901; empty for the root.
    public let path: String
    public let sentence: String

    public var description: String { path.isEmpty ? sentence : "\(path): \(sentence)" }
}
