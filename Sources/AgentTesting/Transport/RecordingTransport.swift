public import AgentRuntime
import Synchronization

/// Another transport, with a memory of what was sent.
public final class RecordingTransport: Transport {
    private let transport: any Transport
    private let kept = Mutex<[TransportRequest]>([])

    public init(_ transport: any Transport) {
        self.transport = transport
    }

    /// What was sent, in order.
    public var requests: [TransportRequest] { kept.withLock { $0 } }

    public func send(_ request: TransportRequest) async throws -> TransportResponse {
        kept.withLock { $0.append(request) }
        return try await transport.send(request)
    }
}

extension TransportRequest {
    /// The body as JSON; null when it is none.
    public var json: JSONValue { (try? JSONValue(json: body)) ?? .null }
}
