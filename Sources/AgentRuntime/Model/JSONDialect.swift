/// How much of what is sent as JSON is taken.
public struct JSONDialect: Sendable, Hashable {
    /// Refuses what means different things to different readers: a repeated key, U+0000, a byte order mark; and keeps `1.0` apart from `1`.
    let isStrict: Bool
    /// Levels of arrays and objects.
    let maxDepth: Int

    /// What providers, models, tools and files send.
    public static let tolerant = JSONDialect(isStrict: false, maxDepth: 512)
    /// What clients of an API may send.
    public static let strict = JSONDialect(isStrict: true, maxDepth: 32)
}

/// The text was not JSON, or not of the dialect.
public enum JSONError: Error, Sendable, Hashable {
    case empty
    case notUTF8
    case byteOrderMark
    case tooDeep(limit: Int)
    case repeatedKey
    case holdsNUL
    case loneSurrogate
    case numberOutOfRange
    /// Counted in bytes from 0.
    case syntax(at: Int)
}
