/// Something that answers a request with events: a provider behind a wire API, the offline model, a script in a test.
///
/// A model makes one response. The loop, the tools and the history are the runner's.
public protocol Model: Sendable {
    /// The name by which the provider knows the model; it is shown at start and in usage.
    var name: String { get }

    /// Whether the provider keeps conversations, so that a request with `previousResponseID` or `conversationID` need not say everything.
    var keepsConversations: Bool { get }

    /// The response as it is made; it ends after `completed`, or throws `ModelError`.
    ///
    /// Nothing is asked before the first event is pulled, and dropping the iterator ends the request.
    func respond(to request: ModelRequest) -> ModelEvents
}

extension Model {
    public var keepsConversations: Bool { false }
}

/// The events of one response, pulled by the runner.
public typealias ModelEvents = any AsyncSequence<ModelEvent, any Error> & Sendable

/// What a model says while it makes a response.
public enum ModelEvent: Sendable, Hashable {
    case textDelta(String)
    case reasoningDelta(String)
    /// The request failed before its answer began, and is made again, by this model or by another one.
    case retrying(after: ModelError)
    /// The last event: the whole response.
    case completed(ModelResponse)

    /// Whether the event is a part of the answer.
    var isOfAnswer: Bool {
        if case .retrying = self { false } else { true }
    }
}

/// One whole answer of a model.
public struct ModelResponse: Sendable, Hashable, Codable {
    public var items: [Item]
    public var usage: Usage
    /// The provider's id of the response.
    public var id: String?
    /// By which the provider finds the request in its own logs; nil when it named none.
    public var requestID: String?

    public init(items: [Item], usage: Usage = Usage(), id: String? = nil, requestID: String? = nil) {
        self.items = items
        self.usage = usage
        self.id = id
        self.requestID = requestID
    }

    private enum CodingKeys: String, CodingKey {
        case items, usage, id
        case requestID = "request_id"
    }

    /// The text of the last message; nil when the response has none.
    public var text: String? {
        items.lazy.reversed().compactMap { if case .message(let message) = $0 { message.text } else { nil } }.first
    }

    /// Why the model refused, if its last message says so.
    public var refusal: String? {
        items.lazy.reversed().compactMap { if case .message(let message) = $0 { message } else { nil } }.first?.refusal
    }

    public var functionCalls: [Item.FunctionCall] {
        items.compactMap { if case .functionCall(let call) = $0 { call } else { nil } }
    }
}
