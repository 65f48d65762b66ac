/// A model behind the Responses API: https://platform.openai.com/docs/api-reference/responses
public struct ResponsesModel: Model {
    public let name: String
    public var keepsConversations: Bool { true }
    private let endpoint: ModelEndpoint
    private let transport: any Transport

    public init(name: String, endpoint: ModelEndpoint, transport: any Transport) {
        self.name = name
        self.endpoint = endpoint
        self.transport = transport
    }

    public func respond(to request: ModelRequest) -> ModelEvents {
        WireEvents(endpoint: endpoint, path: "responses", transport: transport, request: request, reader: ResponsesReader()) {
            try request.responsesBody(model: name, at: endpoint)
        }
    }
}
