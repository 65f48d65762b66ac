import HTTPTypes
import Persistence

extension APIOperation {
    static let edit = APIOperation(
        "edit", .post, "/api/conversations/{id}/edit",
        "Puts another text in place of something that the person said; what came after it gives way.", scope: .chat,
        parameters: [.path("id", APISchema.string, "The conversation's id."), .idempotencyKey],
        body: .edit, answers: [.events],
        problems: [.conflict, .tooManyRequests])
}

extension APISchema {
    static let edit = APISchema(
        "Edit", ["message_id": text(MessageID.length), "message": text(ChatMessage.length, .notBlank)])
}
