import HTTPTypes
import Hummingbird
import Logging
import Persistence

/// The routes under `/api/tokens`, for people alone: a token makes no other tokens.
struct APITokenController: Sendable {
    let tokens: APITokenService

    func addRoutes(to group: SignedInRoutes) {
        group.on(.listTokens, use: list)
        group.on(.createToken, use: create)
        group.on(.revokeToken, use: revoke)
    }

    private func list(_ request: Request, _ context: UserRequestContext) async throws -> JSONResponse<WholeList<APITokenDocument>> {
        JSONResponse(WholeList(data: try await tokens.list(of: context.user).map { APITokenDocument($0) }))
    }

    private func create(_ request: Request, _ context: UserRequestContext) async throws -> JSONResponse<APITokenDocument> {
        let new = try await RequestFields.read(request) { $0.newAPIToken() }
        let (token, text) = try await tokens.create(new, for: context.user, by: context.session)
        context.note(.apiTokenMade, ["token": .string(token.id)])
        return JSONResponse(APITokenDocument(token, text: text), status: .created)
    }

    private func revoke(_ request: Request, _ context: UserRequestContext) async throws -> Response {
        let id = try context.parameters.require("id")
        guard try await tokens.revoke(id, of: context.user) else { throw Problem.notFound }
        context.note(.apiTokenRevoked, ["token": .string(id)])
        return Response(status: .noContent)
    }
}
