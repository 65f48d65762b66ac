import AgentRuntime
import HTTPTypes
import Persistence

extension APIOperation {
    static let tokens = [listTokens, createToken, revokeToken].map { $0.signedIn() }

    static let listTokens = APIOperation(
        "listTokens", .get, "/api/tokens", "The person's API tokens, the latest first, without their text.",
        answers: [.json(.tokenList, "The tokens.")])

    static let createToken = APIOperation(
        "createToken", .post, "/api/tokens",
        """
        Makes a token for a program that acts in the person's name, with all scopes unless some are named. Its text is in this answer and nowhere \
        else. A person may have \(APITokenStore.maximumCount).
        """,
        body: .newToken, answers: [.json(.createdToken, "The token.", status: .created)], problems: [.conflict])

    static let revokeToken = APIOperation(
        "revokeToken", .delete, "/api/tokens/{id}", "Revokes a token; within five seconds nothing takes it any more.",
        parameters: [.path("id", APISchema.string, "The token's id.")], answers: [.empty(.noContent, "It is revoked.")])
}

extension APISchema {
    static let tokens = [token, createdToken, tokenList, newToken]

    static let token = APISchema("Token", tokenMembers, optional: optionalTokenMembers)

    static let createdToken = APISchema(
        "CreatedToken",
        tokenMembers.merging(["token": ["type": "string", "pattern": "^agent_[A-Za-z0-9_-]{48}$"]]) { _, new in new },
        optional: optionalTokenMembers)

    static let tokenList = wholeList("TokenList", of: token)

    static let newToken = APISchema(
        "NewToken",
        [
            "name": text(NewAPIToken.nameLength, .line),
            "scopes": nullable(["type": "array", "items": scope, "minItems": 1, "uniqueItems": true]),
            "expires_in_days": nullable([
                "type": "integer", "minimum": .integer(NewAPIToken.lifetimeInDays.lowerBound),
                "maximum": .integer(NewAPIToken.lifetimeInDays.upperBound),
            ]),
        ], optional: ["scopes", "expires_in_days"])

    private static let scope: JSONValue = [
        "type": "string", "enum": .array(APIScope.allCases.map { .string($0.rawValue) }),
        "description": "`chat` is for conversations and their runs; its assistant acts for the person, on their todos too.",
    ]

    private static let optionalTokenMembers: Set<String> = ["last_used_at", "expires_at"]
    private static let tokenMembers: [String: JSONValue] = [
        "id": string, "name": text(NewAPIToken.nameLength, .line), "scopes": array(of: scope), "created_at": instant, "last_used_at": instant,
        "expires_at": instant,
    ]
}
