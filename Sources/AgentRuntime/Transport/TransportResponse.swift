/// The head of a response, and its body as it arrives.
public struct TransportResponse: Sendable {
    public var status: Int
    public var headers: TransportHeaders
    public var body: TransportBody

    public init(status: Int, headers: TransportHeaders = [:], body: TransportBody = TransportBody([])) {
        self.status = status
        self.headers = headers
        self.body = body
    }
}
