/// Sends one HTTP request to a model server and streams the answer back.
public protocol Transport: Sendable {
    /// Returns once the response's head has arrived; any status is a response, never an error.
    func send(_ request: TransportRequest) async throws -> TransportResponse
}
