import Hummingbird
import Persistence

/// The routes under `/api/conversations`.
struct ConversationController: Sendable {
    let conversations: ConversationStore
    let runs: RunStore
    let supervisor: RunSupervisor

    /// - Parameter group: The routes of signed-in people.
    func addRoutes(to group: SignedInRoutes) {
        group.on(.listConversations, use: list)
        group.on(.readConversation, use: read)
        group.on(.renameConversation, use: rename)
        group.on(.deleteConversation, use: delete)
    }

    private func list(_ request: Request, _ context: UserRequestContext) async throws -> JSONResponse<ConversationPage> {
        let (words, limit, after) = try QueryFields.read(request) { fields in
            (fields.text("q", 1...200), fields.limit(default: 50), fields.text("after", 1...100))
        }
        return JSONResponse(
            ConversationPage(try await conversations.list(owner: context.user.id, query: words, limit: limit, after: after)))
    }

    private func read(_ request: Request, _ context: UserRequestContext) async throws -> JSONResponse<ConversationView> {
        let conversation = try await conversations.get(context.parameters.require("id"), owner: context.user.id)
        let logs = try await runs.logs(of: conversation.id, owner: context.user.id, includingText: true)
        return JSONResponse(ConversationView(conversation, logs: logs))
    }

    private func rename(_ request: Request, _ context: UserRequestContext) async throws -> JSONResponse<ConversationSummary> {
        let id = try context.parameters.require("id")
        let title = try await RequestFields.read(request) { $0.text("title", ConversationStore.titleLength) }
        return JSONResponse(ConversationSummary(try await conversations.rename(id, to: title, owner: context.user.id)))
    }

    private func delete(_ request: Request, _ context: UserRequestContext) async throws -> Response {
        let active = try await conversations.delete(context.parameters.require("id"), owner: context.user.id)
        if let active { supervisor.live(active)?.cancellation.send(.stopped) }
        return Response(status: .noContent)
    }
}

/// A conversation in a list.
struct ConversationSummary: Encodable {
    let id: String
    let title: String
    let createdAt: Timestamp
    let updatedAt: Timestamp

    init(_ conversation: Conversation) {
        id = conversation.id
        title = conversation.title
        createdAt = conversation.createdAt
        updatedAt = conversation.updatedAt
    }

    private enum CodingKeys: String, CodingKey {
        case id, title
        case createdAt = "created_at"
        case updatedAt = "updated_at"
    }
}

/// A part of the list, the latest first.
struct ConversationPage: Encodable {
    let data: [ConversationSummary]
    let hasMore: Bool
    let after: String?

    init(_ list: ConversationList) {
        data = list.data.map(ConversationSummary.init)
        hasMore = list.hasMore
        after = list.after
    }

    private enum CodingKeys: String, CodingKey {
        case data, after
        case hasMore = "has_more"
    }
}
