/// What a call can change, which decides what may run beside it and what may be repeated.
public enum ToolEffect: String, Sendable, Hashable, Codable {
    /// Changes nothing: neighbouring calls run together.
    case reads
    /// Writes through the context's stores, exactly once: waits for what came before and is waited for by what comes after.
    case writes
    /// Reaches outside: never repeated on its own, unless the tool's policy says that it may be.
    case external
}

/// The limits of one call, enforced by the runner for every tool alike.
public struct ToolPolicy: Sendable, Hashable {
    public var effect: ToolEffect
    /// Nil for no limit of its own.
    public var timeout: Duration?
    /// Bytes of output that the model gets, where what is longer is cut and marked; nil for the runner's limit.
    public var outputLimit: Int?
    /// Whether a call takes something away for good; a person is asked when a run makes many of them.
    public var isDestructive: Bool
    /// Whether a call that was cut off may be made again, since a second one with the same key changes nothing more.
    public var isIdempotent: Bool

    public init(
        effect: ToolEffect = .external,
        timeout: Duration? = .seconds(30),
        outputLimit: Int? = nil,
        isDestructive: Bool = false,
        isIdempotent: Bool = false
    ) {
        self.effect = effect
        self.timeout = timeout
        self.outputLimit = outputLimit
        self.isDestructive = isDestructive
        self.isIdempotent = isIdempotent
    }
}
