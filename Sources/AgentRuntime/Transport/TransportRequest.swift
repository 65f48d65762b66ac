/// One HTTP request; its description shows neither the address, nor header values, nor the body.
public struct TransportRequest: Sendable {
    /// Absolute, `http` or `https`, without a user name or password.
    public var url: String
    public var method: String
    public var headers: TransportHeaders
    public var body: [UInt8]
    public var deadlines: TransportDeadlines

    public init(
        url: String,
        method: String = "GET",
        headers: TransportHeaders = [:],
        body: [UInt8] = [],
        deadlines: TransportDeadlines = TransportDeadlines()
    ) {
        self.url = url
        self.method = method
        self.headers = headers
        self.body = body
        self.deadlines = deadlines
    }
}

extension TransportRequest: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    public var description: String { "\(method) with \(headers) and \(body.count) bytes" }
    public var debugDescription: String { description }
    public var customMirror: Mirror { Mirror(self, children: ["method": method, "headers": headers], displayStyle: .struct) }
}
