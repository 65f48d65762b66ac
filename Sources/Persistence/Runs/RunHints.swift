/// Word that a run may have more to read, or an instance something to look after, so that its readers need not ask all the time. Only a hint: it may be lost, or come without a cause.
public protocol RunHints: Sendable {
    /// Tells the run's readers, at once in this process and soon in others that share the database. Never waits.
    func announce(_ run: String)

    /// An element for each hint from now on; those that come before one is taken are one.
    func hints(of run: String) -> AsyncStream<Void>
}
