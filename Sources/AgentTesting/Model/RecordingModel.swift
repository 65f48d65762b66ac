public import AgentRuntime
import Synchronization

/// Another model, with a memory of what it was asked.
public final class RecordingModel: Model {
    private let model: any Model
    private let kept = Mutex<[ModelRequest]>([])

    public init(_ model: any Model) {
        self.model = model
    }

    public var name: String { model.name }
    public var keepsConversations: Bool { model.keepsConversations }

    /// What was asked, in order.
    public var requests: [ModelRequest] { kept.withLock { $0 } }

    public func respond(to request: ModelRequest) -> ModelEvents {
        kept.withLock { $0.append(request) }
        return model.respond(to: request)
    }
}
