import AgentRuntime
import HTTPTypes
import Persistence

extension APIOperation {
    static let conversations = [
        chat, readRun, stopRun, retry, listConversations, readConversation, renameConversation, deleteConversation,
    ]

    static let chat = APIOperation(
        "chat", .post, "/api/chat", "Sends a message and streams what comes of it.", scope: .chat, parameters: [.idempotencyKey], body: .message,
        answers: [.events], problems: [.notFound, .conflict, .tooManyRequests])

    static let readRun = APIOperation(
        "readRun", .get, "/api/runs/{id}/events", "The events of a run from where the reader was, and those to come.", scope: .chat,
        parameters: [
            run,
            APIParameter(
                name: "Last-Event-ID", place: .header, schema: ["type": "string", "pattern": "^[0-9]{1,19}$"],
                summary: "The last event that the reader has; without it the run is sent from its start."),
        ],
        answers: [.events])

    static let stopRun = APIOperation(
        "stopRun", .post, "/api/runs/{id}/stop", "Ends a run; what was done until then is kept.", scope: .chat, parameters: [run],
        answers: [.empty(.accepted, "It ends.")])

    static let retry = APIOperation(
        "retry", .post, "/api/conversations/{id}/retry",
        "Goes on with the conversation's latest run, which failed for a passing reason; with a message, asks again for that one, in place of it.",
        scope: .chat,
        parameters: [conversation, .idempotencyKey], body: .retry, answers: [.events], problems: [.conflict, .tooManyRequests])

    static let listConversations = APIOperation(
        "listConversations", .get, "/api/conversations", "The person's conversations, the latest first.", scope: .chat,
        parameters: [
            .query("q", APISchema.text(1...200), "Only those with this in the title."), .limit(default: 50),
            .query("after", ["type": "string", "pattern": .string(cursor)], "The `after` of the part before."),
        ],
        answers: [
            .json(
                .conversationList, "A part of the list.",
                links: APILink.to(
                    "readConversation", "renameConversation", "deleteConversation", "retry", "edit", with: "id", from: "/data/0/id"))
        ])

    static let readConversation = APIOperation(
        "readConversation", .get, "/api/conversations/{id}", "A conversation with its messages.", scope: .chat, parameters: [conversation],
        answers: [
            .json(
                .conversation, "The conversation.",
                links: APILink.to("readRun", "stopRun", "decide", with: "id", from: "/messages/0/run_id"))
        ])

    static let renameConversation = APIOperation(
        "renameConversation", .patch, "/api/conversations/{id}", "Gives a conversation another title.", scope: .chat, parameters: [conversation],
        body: .title, answers: [.json(.conversationSummary, "The conversation.")])

    static let deleteConversation = APIOperation(
        "deleteConversation", .delete, "/api/conversations/{id}", "Deletes a conversation with its runs.", scope: .chat, parameters: [conversation],
        answers: [.empty(.noContent, "It is gone.")])

    private static let run = APIParameter.path("id", APISchema.string, "The run's id.")
    private static let cursor = "^-?[0-9]{1,\(ConversationList.Cursor.mostDigits)}[.][^.\\u0000]{0,\(ConversationList.Cursor.longestID)}$"
    private static let conversation = APIParameter.path("id", APISchema.string, "The conversation's id.")
}

extension APIAnswer {
    static let events = APIAnswer(
        status: .ok, summary: "Server-sent events, each as the schema says; the last ends the run, or asks for an approval.",
        content: ("text/event-stream", ChatEventSchemas.item.reference))
}

extension APISchema {
    static let conversations = [message, retry, title, conversationSummary, conversationList, storedCall, storedMessage, conversation]

    static let message = APISchema(
        "ChatMessage",
        ["message": text(ChatMessage.length, .notBlank), "conversation_id": nullable(text(1...64)), "time_zone": nullable(text(1...64))],
        optional: ["conversation_id", "time_zone"])

    static let retry = APISchema("Retry", ["message_id": nullable(text(MessageID.length))], optional: ["message_id"])

    static let title = APISchema("ConversationTitle", ["title": text(ConversationStore.titleLength, .notBlank)])

    static let conversationSummary = APISchema("ConversationSummary", summaryMembers)
    static let conversationList = list("ConversationList", of: conversationSummary, after: string)

    static let storedCall = APISchema(
        "ConversationCall", ["call_id": string, "name": string, "arguments": string, "status": string, "output": string])

    static let storedMessage = APISchema(
        "ConversationMessage",
        [
            "id": string, "seq": count, "role": choice(["user", "assistant"]), "status": choice(["complete", "partial", "superseded"]),
            "text": string, "run_id": string, "created_at": instant, "calls": array(of: storedCall.reference),
        ], optional: ["calls"])

    static let conversation = APISchema(
        "Conversation",
        summaryMembers.merging([
            "active_run": object(["id": string, "last_event_id": count]), "messages": array(of: storedMessage.reference),
        ]) { _, new in new }, optional: ["active_run"])

    private static let summaryMembers: [String: JSONValue] = [
        "id": string, "title": string, "created_at": instant, "updated_at": instant,
    ]
}
