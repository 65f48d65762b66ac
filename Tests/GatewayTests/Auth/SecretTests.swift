import AgentRuntime
import Testing

@testable import Gateway
@testable import Persistence

/// Nothing that prints, dumps or reflects a value shows what is secret in it.
@Suite struct SecretTests {
    private static func shown(_ value: Any) -> String {
        var text = "\(value)" + String(describing: value) + String(reflecting: value)
        dump(value, to: &text)
        var mirrors = [Mirror(reflecting: value)]
        while let mirror = mirrors.popLast() {
            for child in mirror.children {
                text += "\(child.label ?? "")\(child.value)"
                mirrors.append(Mirror(reflecting: child.value))
            }
        }
        return text
    }

    @Test func r077_noSecretHasADescription() throws {
        let canary = "canary-of-thirty-two-bytes-and-more"
        let email = try #require(EmailAddress("canary@example.org"))
        let password = try #require(Password(canary))
        let moment = Timestamp(milliseconds: 0)
        let session = SignInSession(
            id: "s", user: "u", counter: 1, rotatedAt: moment, createdAt: moment, lastUsedAt: moment, expiresAt: moment, idleExpiresAt: moment,
            revokedAt: nil, userAgent: nil)
        let keys = try SigningKeys(text: canary)
        let values: [Any] = [
            Secret(canary.utf8), APIKey(canary), keys, RefreshTokens(keys: keys), password,
            SignInFields(email: "canary@example.org", password: password, newPassword: canary),
            Registration(email: email, name: "canary", password: canary),
            IssuedSession(session: session, accessToken: canary, accessLifetime: 1, refreshToken: canary, refreshLifetime: 1),
            try DatabaseAddress("postgres://agent:\(canary)@localhost/agent"), TransportHeaders([.init(name: "Authorization", value: canary)]),
            ModelEndpoint(baseURL: "https://models.example", apiKey: APIKey(canary), headers: ["X-Key": canary]),
            try PromptServer(yaml: "{name: x, url: https://mcp.example, headers: {Authorization: \(canary)}}", from: "--mcp"),
            try PromptServer(yaml: "{name: x, command: x, env: {KEY: \(canary)}}", from: "--mcp"),
            MCPStdioTransport(command: "x", environment: ["KEY": canary]), MetricsAccess(token: Secret(canary.utf8), proxies: try TrustedProxies()),
        ]
        for value in values {
            let shown = Self.shown(value)
            #expect(!shown.contains("canary"), "\(type(of: value)): \(shown)")
            // Nor its bytes.
            #expect(!shown.contains("99, 97, 110, 97"), "\(type(of: value)): \(shown)")
        }
    }
}
