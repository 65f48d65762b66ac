import AgentRuntime
import AgentTesting
import DatabaseFixtures
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Persistence
import Testing
import Tools

@testable import Gateway

/// What matters to security is in the log under a fixed name, with whom and which request it is about.
@Suite(.timeLimit(.minutes(5))) struct AuditTests {
    private static let evil: HTTPFields = [.origin: "https://evil.example"]

    @Test func r079_whatPeopleDoWithTheirAccountsIsWrittenDown() async throws {
        try await withGateway { gateway, browser in
            let id = try await browser.register("ada").json["id"]?.string ?? ""
            let first = try #require(gateway.log.security.last)
            #expect(first["event"] == "registered")
            #expect(first["user"] == id)
            #expect(first["session"]?.isEmpty == false)
            #expect(first["request"]?.isEmpty == false)

            _ = try await browser.another().signIn("ada", password: "not the password")
            #expect(gateway.log.security.last?["event"] == "sign_in_refused")
            let second = browser.another()
            _ = try await second.signIn("ada")
            #expect(gateway.log.security.last?["event"] == "signed_in")
            #expect(gateway.log.security.last?["session"] != first["session"])

            _ = try await second.send(.post, "/api/auth/logout")
            #expect(gateway.log.security.last?["event"] == "signed_out")
            _ = try await browser.send(.post, "/api/todos", ["title": "x"], Self.evil)
            #expect(gateway.log.security.last?["event"] == "cross_site_refused")
            let wrong: JSONValue = ["current_password": "not the password", "new_password": "another quiet lantern"]
            _ = try await browser.send(.post, "/api/auth/password", wrong)
            #expect(gateway.log.security.last?["event"] == "password_refused")
            #expect(gateway.log.security.last?["user"] == id)
            let right: JSONValue = ["current_password": .string(Browser.password), "new_password": "another quiet lantern"]
            #expect(try await browser.send(.post, "/api/auth/password", right).status == 204)
            #expect(gateway.log.security.last?["event"] == "password_changed")

            let old = browser.cookies
            _ = try await browser.send(.post, "/api/auth/refresh")
            _ = try await browser.send(.post, "/api/auth/refresh")
            gateway.time.advance(by: .seconds(60))
            let thief = browser.another()
            thief.cookies = old
            _ = try await thief.send(.post, "/api/auth/refresh")
            #expect(gateway.log.security.last?["event"] == "refresh_reused")
            #expect(gateway.log.security.last?["user"] == id)

            _ = try await second.signIn("ada", password: "another quiet lantern")
            _ = try await second.send(.post, "/api/auth/logout-all")
            #expect(gateway.log.security.last?["event"] == "signed_out_everywhere")
            _ = try await second.signIn("ada", password: "another quiet lantern")
            _ = try await second.send(.delete, "/api/auth/account", ["password": "another quiet lantern"])
            #expect(gateway.log.security.last?["event"] == "account_deleted")
            #expect(gateway.log.security.last?["user"] == id)
            #expect(!gateway.log.text.contains("example.org"), "no address of anybody")
            #expect(!gateway.log.text.contains("lantern"), "no password")
        }
    }

    /// Whom somebody tried is said by an id, and only where there is an account; the answers are the same.
    @Test func r079_aRefusedSignInNamesTheAccount() async throws {
        try await withGateway { gateway, browser in
            let ada = try await browser.register("ada").json["id"]?.string ?? ""
            let bob = try await browser.another().register("bob").json["id"]?.string ?? ""
            try await gateway.users.disable(bob)
            func refusal(_ email: String, _ password: String) async throws -> (Answer, [String: String]) {
                let fields: JSONValue = ["email": .string(email), "password": .string(password)]
                let answer = try await browser.another().send(.post, "/api/auth/login", fields)
                return (answer, gateway.log.security.last ?? [:])
            }
            var answers: [JSONValue] = []
            let tried: [(String, String, String?)] = [
                ("ada@example.org", "not the password", ada), (" ADA@Example.org", "not the password", ada),
                ("bob@example.org", Browser.password, bob), ("nobody@example.org", "not the password", nil), ("canary", "not the password", nil),
            ]
            for (email, password, user) in tried {
                let (answer, line) = try await refusal(email, password)
                #expect(answer.status == 401)
                #expect(line["event"] == "sign_in_refused")
                #expect(line["user"] == user, "\(email)")
                #expect(line["session"] == nil)
                #expect(answer.cookies.isEmpty)
                answers.append(answer.withoutInstance)
            }
            #expect(answers.allSatisfy { $0 == answers.first })
            #expect(!gateway.log.text.lowercased().contains("example.org"))
            #expect(!gateway.log.text.contains("canary"))
        }
    }

    /// Who made, used or revoked which token, and nothing by which it could be used.
    @Test(arguments: Driver.all) func r079_whatBecomesOfAnAPITokenIsWrittenDown(on driver: Driver) async throws {
        try await withDatabase(on: driver) { database in
            let gateway = try await GatewayFixture(database)
            try await gateway.browse { browser in
                let ada = try await browser.register("ada").json["id"]?.string ?? ""
                let session = gateway.log.security.last?["session"]
                let program = try await Program(of: browser, ["scopes": ["todos:read"]])
                gateway.log.expect("api_token_made", ["user": ada, "session": session, "token": program.id])

                let before = gateway.log.security.count
                #expect(try await program.send(.get, "/api/todos").status == 200)
                #expect(gateway.log.security.count == before, "what it may do is in the access log alone")
                #expect(gateway.log.lines(of: "request").last?["user"] == ada)

                let denied = try await program.send(.post, "/api/todos", ["title": "canary"])
                #expect(denied.status == 403)
                gateway.log.expect("api_token_refused", ["user": ada, "token": program.id, "request": denied.headers[.requestID]])

                let bob = browser.another()
                _ = try await bob.register("bob")
                let count = gateway.log.security.count
                #expect(try await bob.send(.delete, "/api/tokens/\(program.id)").status == 404)
                #expect(gateway.log.security.count == count, "nothing was revoked")
                #expect(try await browser.send(.delete, "/api/tokens/\(program.id)").status == 204)
                gateway.log.expect("api_token_revoked", ["user": ada, "session": session, "token": program.id])

                for token in [program.token, APITokenText().text, "canary"] {
                    let refused = try await program.send(.get, "/api/todos", nil, [.authorization: "Bearer \(token)"])
                    #expect(refused.status == 401)
                    gateway.log.expect("api_token_refused", ["user": nil, "token": nil, "request": refused.headers[.requestID]])
                }
                let counted = gateway.metrics.securityEvents.series.filter { $0.labels.first?.hasPrefix("api_token") == true }
                #expect(counted.map(\.labels) == [["api_token_made"], ["api_token_refused"], ["api_token_revoked"]])
                #expect(counted.map(\.value) == [1, 4, 1])
                for secret in [program.token, APITokenText(program.token)?.hash ?? "", "canary"] { #expect(!gateway.log.text.contains(secret)) }
            }
        }
    }

    @Test func r079_tooManyRequestsAreWrittenDown() async throws {
        try await withDatabase { database in
            let gateway = try await GatewayFixture(database)
            let limits = RateLimits(signInsOfAccount: RateLimit(1, every: .seconds(60)))
            let limiter = RateLimiter(store: RateLimitStore(database: database, clock: gateway.time.wall), limits: limits)
            let application = gateway.application { router in
                let controller = AuthController(
                    accounts: gateway.accounts, sessions: gateway.sessions, cookies: gateway.configuration.cookies, limiter: limiter)
                router.post("/limited") { request, context in try await controller.signIn(request, context) }
            }
            try await application.test(.router) { client in
                let browser = Browser(client, origin: gateway.configuration.publicURL.origin)
                let fields: JSONValue = ["email": "nobody@example.org", "password": "not the password"]
                let (first, second) = (try await browser.send(.post, "/limited", fields), try await browser.send(.post, "/limited", fields))
                #expect((first.status, second.status) == (401, 429))
            }
            #expect(gateway.log.security.map { $0["event"] } == ["sign_in_refused", "rate_limited"])
            #expect(gateway.metrics.rateLimited.series.map(\.labels) == [["/limited"]])
        }
    }

    @Test func r079_callsThatNobodyAllowedAndLimitsAreWrittenDown() async throws {
        let call = ScriptedModel.Step.call("add_todo", #"{"title": "canary"}"#)
        try await withChat(ScriptedModel(Array(repeating: call, count: 12))) { fixture, browser in
            let last = try await browser.chat("Hi").last
            #expect(last?["code"] == "limit_reached")
            let line = try #require(fixture.gateway.log.security.last)
            #expect(line["event"] == "limit_reached")
            #expect(line["run"]?.isEmpty == false)
            #expect(line["user"]?.isEmpty == false)
            #expect(!fixture.gateway.log.text.contains("canary"))
        }
        let agent = Agent<UserContext>(
            name: "Assistant",
            tools: TodoTools().tools.map { tool in
                var tool = tool
                tool.inputGuardrails = [ToolInputGuardrail("never") { _, _ in .reject("canary") }]
                return tool
            })
        try await withDatabase { database in
            let fixture = try await ChatFixture(database, model: ScriptedModel(call, .text("Done.")), agent: agent)
            try await fixture.serve { browser in
                _ = try await browser.register("ada")
                #expect(try await browser.chat("Hi").types.last == "done")
                let line = try #require(fixture.gateway.log.security.last)
                #expect(line["event"] == "tool_denied")
                #expect(line["tool"] == "add_todo")
                #expect(!fixture.gateway.log.text.contains("canary"))
            }
        }
    }

    @Test func anAccessLogLineHasTheBytesTheUserAndTheSession() async throws {
        try await withChat(ScriptedModel(.text("Hello."))) { fixture, browser in
            let answer = try await browser.send(.post, "/api/chat", ["message": "Hi"])
            let lines = fixture.gateway.log.lines(of: "request")
            let line = try #require(lines.last { $0["route"] == "/api/chat" })
            #expect(line["status"] == "200")
            #expect(line["bytes"] == "\(answer.text.utf8.count)")
            #expect(line["user"]?.isEmpty == false)
            #expect(line["session"]?.isEmpty == false)
            #expect(line["request"] == answer.headers[.requestID])
            #expect(line["milliseconds"].flatMap(Int.init) != nil)
            let page = try await browser.send(.get, "/api/todos")
            #expect(fixture.gateway.log.lines(of: "request").last?["bytes"] == "\(page.text.utf8.count)")
        }
    }

    @Test func r076_r077_whatAModelServerSaysOfItselfIsNotToldOn() async throws {
        let faults: [ModelError] = [
            .http(status: 500, message: "canary", retryAfter: nil), .http(status: 400, message: "canary", retryAfter: nil),
            .failed(code: "canary", message: "canary"), .malformed("canary"), .transport(.tls("canary")), .interrupted(.connectionLost("canary")),
        ]
        for fault in faults {
            try await withChat(ScriptedModel(.error(fault))) { fixture, browser in
                let answer = try await browser.send(.post, "/api/chat", ["message": "Hi"])
                #expect(answer.events.types.last == "error")
                let conversation = answer.events.first?["conversation_id"]?.string ?? ""
                let shown = try await browser.send(.get, "/api/conversations/\(conversation)").text
                #expect(!(answer.text + shown + fixture.gateway.log.text).contains("canary"))
            }
        }
    }
}

extension LogRecorder {
    fileprivate var security: [[String: String]] { lines(of: "security") }

    /// The latest line is of this event, and has these fields; nil for one that it must not have.
    fileprivate func expect(_ event: String, _ fields: [String: String?]) {
        let line = security.last ?? [:]
        #expect(line["event"] == event)
        for (name, value) in fields { #expect(line[name] == value, "\(event): \(name)") }
    }
}
