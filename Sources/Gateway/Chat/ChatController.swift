import AgentRuntime
import HTTPTypes
import Hummingbird
import Persistence

/// The routes that take messages and give runs to read.
struct ChatController: Sendable {
    let service: ChatService
    var limiter = RateLimiter.off

    /// - Parameter group: The routes of signed-in people.
    func addRoutes(to group: SignedInRoutes) {
        group.on(.chat, use: chat)
        group.on(.readRun, use: events)
        group.on(.stopRun, use: stop)
        group.on(.retry, use: retry)
        group.on(.edit, use: edit)
        group.on(.decide, use: decide)
    }

    private func chat(_ request: Request, _ context: UserRequestContext) async throws -> Response {
        let key = try request.idempotencyKey()
        let message = try await RequestFields.read(request) { fields in
            let conversation = fields.optionalText("conversation_id", 1...64)
            let timeZone = fields.optionalText("time_zone", 1...64)
            return fields.text("message", ChatMessage.length).map {
                ChatMessage(text: $0, conversation: conversation, timeZone: timeZone, idempotencyKey: key)
            }
        }
        let limits = try await limiter.message(of: context.user)
        let run = try await service.accept(message, from: context.user)
        return stream(run, after: 0, context, headers: limits)
    }

    private func events(_ request: Request, _ context: UserRequestContext) async throws -> Response {
        let run = try await service.run(context.parameters.require("id"), of: context.user)
        let cursor = try request.lastEventID()
        guard run.canHaveGivenOut(cursor) else { throw ChatError.badCursor }
        return stream(run, after: cursor, context)
    }

    private func stop(_ request: Request, _ context: UserRequestContext) async throws -> Response {
        try await service.stop(context.parameters.require("id"), of: context.user)
        return Response(status: .accepted)
    }

    private func retry(_ request: Request, _ context: UserRequestContext) async throws -> Response {
        let key = try request.idempotencyKey()
        let conversation = try context.parameters.require("id")
        let message = try await RequestFields.read(request) { fields in .some(fields.optionalText("message_id", MessageID.length)) }
        guard let message else { return stream(try await service.retry(conversation, of: context.user), after: 0, context) }
        let limits = try await limiter.message(of: context.user)
        let run = try await service.askAgain(message, in: conversation, idempotencyKey: key, of: context.user)
        return stream(run, after: 0, context, headers: limits)
    }

    private func edit(_ request: Request, _ context: UserRequestContext) async throws -> Response {
        let key = try request.idempotencyKey()
        let conversation = try context.parameters.require("id")
        let (message, text) = try await RequestFields.read(request) { fields in
            let message = fields.text("message_id", MessageID.length)
            let text = fields.text("message", ChatMessage.length)
            return message.flatMap { message in text.map { (message, $0) } }
        }
        let limits = try await limiter.message(of: context.user)
        let run = try await service.edit(message, to: text, in: conversation, idempotencyKey: key, of: context.user)
        return stream(run, after: 0, context, headers: limits)
    }

    private func decide(_ request: Request, _ context: UserRequestContext) async throws -> Response {
        let choice = try await RequestFields.read(request) { ApprovalChoice(&$0) }
        try await service.decide(choice, on: context.parameters.require("id"), of: context.user)
        return Response(status: .accepted)
    }

    private func stream(_ run: ReadableRun, after cursor: Int64, _ context: UserRequestContext, headers: HTTPFields = [:]) -> Response {
        var response = EventStream(run: run, service: service, owner: context.user.id, session: context.session, after: cursor).response()
        response.headers.append(contentsOf: headers)
        return response
    }
}

extension Request {
    /// Where a reader goes on; 0 for the whole run.
    fileprivate func lastEventID() throws(ChatError) -> Int64 {
        guard let text = headers[.lastEventID] else { return 0 }
        guard !text.isEmpty, text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }), let id = Int64(text) else {
            throw .badCursor
        }
        return id
    }
}
