/// A model behind the Chat Completions API, which most servers speak: https://platform.openai.com/docs/api-reference/chat
public struct ChatCompletionsModel: Model {
    public let name: String
    private let endpoint: ModelEndpoint
    private let transport: any Transport

    public init(name: String, endpoint: ModelEndpoint, transport: any Transport) {
        self.name = name
        self.endpoint = endpoint
        self.transport = transport
    }

    public func respond(to request: ModelRequest) -> ModelEvents {
        WireEvents(
            endpoint: endpoint, path: "chat/completions", transport: transport, request: request, reader: ChatCompletionsReader(model: name)
        ) {
            try request.chatCompletionsBody(model: name, at: endpoint)
        }
    }
}
