/// A tool's answer to the model that the call did not work, told word for word, so that the model can repair its call.
public struct ToolFailure: Error, Sendable, Hashable, CustomStringConvertible {
    public let description: String
    /// Whether the model's arguments are at fault, so that the work never began.
    public let isAboutArguments: Bool

    public init(_ sentence: String, isAboutArguments: Bool = false) {
        description = sentence
        self.isAboutArguments = isAboutArguments
    }
}

/// An error after which the run must not go on, whatever the model would say to it; it ends the run instead of becoming a tool's output.
public protocol RunEndingError: Error {}
