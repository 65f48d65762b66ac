/// One start of one process that runs agents.
public struct Instance: Sendable, Hashable {
    /// The same at every start of a server; a program that is one of many makes its own.
    public let id: String
    /// Counts the starts.
    public let epoch: Int
}
