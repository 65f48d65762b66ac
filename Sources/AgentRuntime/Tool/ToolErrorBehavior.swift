/// What comes of a call whose tool throws, or takes too long.
///
/// Whatever it says, a `RunEndingError` and the run's own cancellation end the run.
public enum ToolErrorBehavior<Context: Sendable>: Sendable {
    /// The model reads a `ToolFailure` word for word, and of everything else a fixed sentence; the error goes to the log.
    case tellModel
    /// The model reads this text. An error thrown here fails the run.
    case tell(@Sendable (_ error: any Error, _ run: RunContext<Context>) async throws -> String)
    /// The run fails with `RunError.user`, which names the tool; with `RunError.modelBehavior` for arguments that are not valid, with
    /// `RunError.toolTimedOut` for a call that takes too long, and with the error itself when it is one of this package.
    case failRun
}

/// That a call took longer than its tool's policy allows.
public struct ToolTimeout: Error, Sendable, Hashable, CustomStringConvertible {
    public let tool: String
    public let limit: Duration

    public var description: String { "Tool '\(tool)' timed out after \(limit.secondsText) seconds." }
}
