/// How long each phase of a transfer may take.
public struct TransportDeadlines: Sendable, Hashable {
    /// From sending until the connection stands, name lookup and TLS included.
    public var connect: Duration
    /// From then until the first byte of the body, or the end of a response without one.
    public var firstByte: Duration
    /// Between two pieces of the body; stands still while nobody reads and the buffer is full.
    public var betweenBytes: Duration
    /// The whole transfer, pauses included.
    public var total: Duration?

    public init(
        connect: Duration = .seconds(5),
        firstByte: Duration = .seconds(60),
        betweenBytes: Duration = .seconds(30),
        total: Duration? = nil
    ) {
        self.connect = connect
        self.firstByte = firstByte
        self.betweenBytes = betweenBytes
        self.total = total
    }
}
