/// How many connections there may be, and how long one may take over what it asks for.
public struct ConnectionLimits: Sendable, Hashable {
    /// Connections that may be open together; a further one is closed at once.
    public var total: Int
    /// The same from one address. This machine and the trusted proxies have only the total.
    public var perAddress: Int
    /// From the first byte to the end of the headers, with the TLS handshake of a new connection.
    public var headers: Duration
    /// From the end of the headers to the end of the body.
    public var body: Duration
    /// How long a connection may be silent between requests.
    public var idle: Duration
    /// How long a client may take nothing of what is sent to it.
    public var writeStall: Duration
    /// What a client gets to read an answer that came before the end of its request.
    public var linger: Duration

    public init(
        total: Int = 12_000,
        perAddress: Int = 1_000,
        headers: Duration = .seconds(10),
        body: Duration = .seconds(35),
        idle: Duration = .seconds(60),
        writeStall: Duration = .seconds(30),
        linger: Duration = .seconds(1)
    ) {
        self.total = total
        self.perAddress = perAddress
        self.headers = headers
        self.body = body
        self.idle = idle
        self.writeStall = writeStall
        self.linger = linger
    }
}
