import AgentRuntime
import HTTPTypes
import Persistence
import Testing

@testable import Gateway

@Suite struct SignInTests {
    @Test func registeringSignsIn() async throws {
        try await withGateway { _, browser in
            let answer = try await browser.register("ann")
            #expect(answer.json["email"]?.string == "ann@example.org")
            #expect(answer.json["name"]?.string == "ann")
            #expect(answer.json.object?.keys.sorted() == ["email", "id", "name"])
            let verified = try await browser.send(.get, "/api/auth/verify")
            #expect(verified.status == 200)
            #expect(verified.json == answer.json)
        }
    }

    /// on this machine without TLS.
    @Test func r001_r006_cookiesOnLoopbackHaveExactlyTheirAttributes() async throws {
        try await withGateway { _, browser in
            let cookies = try await browser.register("ann").cookies.map(Self.attributes)
            #expect(cookies.map(\.name) == ["agent", "agent-refresh"])
            #expect(
                cookies.map(\.attributes) == [
                    ["HttpOnly", "Max-Age=900", "Path=/", "SameSite=Lax"], ["HttpOnly", "Max-Age=1209600", "Path=/api/auth", "SameSite=Lax"],
                ])
        }
    }

    /// over https.
    @Test func r001_r003_cookiesOverHTTPSHaveThePrefixes() async throws {
        try await withGateway(publicURL: "https://localhost") { _, browser in
            let cookies = try await browser.register("ann").cookies
            #expect(cookies.map(Self.attributes).map(\.name) == ["__Host-agent", "__Secure-agent-refresh"])
            #expect(
                cookies.map(Self.attributes).map(\.attributes) == [
                    ["HttpOnly", "Max-Age=900", "Path=/", "SameSite=Lax", "Secure"],
                    ["HttpOnly", "Max-Age=1209600", "Path=/api/auth", "SameSite=Lax", "Secure"],
                ])
            #expect(cookies.allSatisfy { $0.utf8.count < 1_024 })
        }
    }

    ///
    @Test func r002_tokensAreInCookiesAndNowhereElse() async throws {
        try await withGateway { gateway, browser in
            var answers = [try await browser.register("ann"), try await browser.signIn("ann")]
            answers.append(try await browser.send(.get, "/api/auth/verify"))
            answers.append(try await browser.send(.post, "/api/auth/refresh"))
            let tokens = answers.flatMap(\.cookies).map { $0.split(separator: ";")[0].split(separator: "=", maxSplits: 1)[1] }
            #expect(tokens.count == 6)
            for answer in answers {
                let shown = answer.text + answer.headers.filter { $0.name != .setCookie }.map(\.value).joined()
                #expect(!tokens.contains { shown.contains($0) })
            }
            #expect(!tokens.contains { gateway.log.text.contains($0) })
            #expect(!gateway.log.text.contains(Browser.password))
        }
    }

    ///
    @Test func r005_r034_signingOutEndsTheSessionAndTakesTheCookiesAway() async throws {
        try await withGateway { _, browser in
            _ = try await browser.register("ann")
            let stolen = browser.another()
            stolen.cookies = browser.cookies
            let answer = try await browser.send(.post, "/api/auth/logout")
            #expect(answer.status == 204)
            #expect(
                answer.cookies.map(Self.attributes).map(\.attributes) == [
                    ["HttpOnly", "Max-Age=0", "Path=/", "SameSite=Lax"], ["HttpOnly", "Max-Age=0", "Path=/api/auth", "SameSite=Lax"],
                ])
            #expect(browser.cookies.isEmpty)
            #expect(try await stolen.status() == 401)
            #expect(try await stolen.status(.post, "/api/auth/refresh") == 401)
            #expect(try await browser.status(.post, "/api/auth/logout") == 204)
            #expect(try await stolen.status(.post, "/api/auth/logout") == 204)
            #expect(try await browser.status(.get, "/api/auth/logout") == 405)
        }
    }

    ///
    @Test func r034_signingOutEverywhereEndsEveryDeviceButNobodyElses() async throws {
        try await withGateway { _, browser in
            _ = try await browser.register("ann")
            let phone = browser.another()
            let bob = browser.another()
            #expect(try await phone.signIn("ann").status == 200)
            _ = try await bob.register("bob")
            #expect(try await phone.status() == 200)
            #expect(try await browser.status(.post, "/api/auth/logout-all") == 204)
            #expect(try await phone.status() == 401)
            #expect(try await phone.status(.post, "/api/auth/refresh") == 401)
            #expect(try await browser.status(.post, "/api/auth/logout-all") == 401)
            #expect(try await bob.status() == 200)
        }
    }

    /// a sign-in begins a new session and ends the one that came with it.
    @Test func r033_signingInDoesNotTakeOverASession() async throws {
        try await withGateway { _, browser in
            _ = try await browser.register("ann")
            let old = browser.another()
            old.cookies = browser.cookies
            #expect(try await browser.signIn("ann").status == 200)
            #expect(browser.cookies["agent"] != old.cookies["agent"])
            #expect(try await old.status() == 401)
            #expect(try await old.status(.post, "/api/auth/refresh") == 401)
            #expect(try await browser.status() == 200)
            let planted = browser.another()
            planted.cookies = ["agent": "planted", "agent-refresh": "0190-a.1.planted"]
            #expect(try await planted.signIn("ann").status == 200)
            #expect(planted.cookies["agent"] != "planted")
        }
    }

    /// R-024, its shape: nothing but the time could tell which it was, and the work is the same.
    @Test func r024_aRefusedSignInDoesNotSayWhy() async throws {
        try await withGateway { gateway, browser in
            _ = try await browser.register("ann")
            _ = try await gateway.users.local()
            var shapes: Set<String> = []
            let attempts = [
                ("ann@example.org", "another long password"), ("nobody@example.org", Browser.password), ("not an address", Browser.password),
                ("local", Browser.password), ("ann@example.org", ""),
            ]
            for (email, password) in attempts {
                let answer = try await browser.another().send(.post, "/api/auth/login", ["email": .string(email), "password": .string(password)])
                #expect(answer.status == 401)
                #expect(answer.cookies.isEmpty)
                let names = answer.headers.map(\.name.rawName).sorted()
                shapes.insert("\(answer.withoutInstance.text) \(names)")
            }
            #expect(shapes.count == 1)
        }
    }

    /// in both orders, and in one header or two.
    @Test func r004_aSessionCookieThatIsThereTwiceIsRefused() async throws {
        try await withGateway { _, browser in
            _ = try await browser.register("ann")
            let bob = browser.another()
            _ = try await bob.register("bob")
            let ann = browser.cookies["agent"] ?? ""
            let other = bob.cookies["agent"] ?? ""
            for pair in [[ann, other], [other, ann], [ann, ann], [ann, ""]] {
                var headers = HTTPFields()
                headers[.cookie] = pair.map { "agent=\($0)" }.joined(separator: "; ")
                #expect(try await browser.send(.get, "/api/auth/verify", nil, headers).status == 400)
                headers = HTTPFields()
                for value in pair { headers.append(HTTPField(name: .cookie, value: "agent=\(value)")) }
                #expect(try await browser.send(.get, "/api/auth/verify", nil, headers).status == 400)
            }
            let refresh = browser.cookies["agent-refresh"] ?? ""
            let twice: HTTPFields = [.cookie: "agent-refresh=\(refresh); agent-refresh=\(refresh)"]
            #expect(try await browser.send(.post, "/api/auth/refresh", nil, twice).status == 400)
        }
    }

    ///
    @Test func r007_r013_oddCookiesDoNotAuthenticate() async throws {
        try await withGateway { _, browser in
            _ = try await browser.register("ann")
            let access = browser.cookies["agent"] ?? ""
            let refresh = browser.cookies["agent-refresh"] ?? ""
            let odd = [
                "agent=", "agent", "agent=\"\(access)\"", "Agent=\(access)", "agent=\(access)=", "agent=é", "agent=\(refresh)",
                "__Host-agent=\(access)",
                "agent=" + String(repeating: "A", count: 65_536), "agent-refresh=\(access)", (0..<1_000).map { "c\($0)=1" }.joined(separator: "; "),
            ]
            for cookie in odd {
                let answer = try await browser.send(.get, "/api/auth/verify", nil, [.cookie: cookie])
                #expect(answer.status == 401, "\(cookie.prefix(60))")
                #expect(answer.json["detail"]?.string == "Sign in to go on.")
            }
            #expect(try await browser.status() == 200)
            #expect(try await browser.send(.post, "/api/auth/refresh", nil, [.cookie: "agent-refresh=\(access)"]).status == 401)
        }
    }

    @Test func anExpiredTokenIsRefusedUntilItIsRenewed() async throws {
        try await withGateway { gateway, browser in
            _ = try await browser.register("ann")
            gateway.time.advance(by: .seconds(15 * 60 + 29))
            #expect(try await browser.status() == 200)
            gateway.time.advance(by: .seconds(2))
            let answer = try await browser.send(.get, "/api/auth/verify")
            #expect(answer.status == 401)
            #expect(answer.json["type"]?.string == "urn:agent:problem:not-signed-in")
            #expect(try await browser.status(.post, "/api/auth/refresh") == 204)
            #expect(try await browser.status() == 200)
        }
    }

    ///
    @Test func r015_theTokenOfADeletedAccountStopsWorking() async throws {
        try await withGateway { _, browser in
            _ = try await browser.register("ann")
            let other = browser.another()
            #expect(try await other.signIn("ann").status == 200)
            #expect(try await other.status() == 200)
            #expect(try await browser.send(.delete, "/api/auth/account", ["password": "another long password"]).status == 403)
            #expect(try await browser.send(.delete, "/api/auth/account", ["password": .string(Browser.password)]).status == 204)
            #expect(try await other.status() == 401)
            #expect(try await other.signIn("ann").status == 401)
            _ = try await browser.register("ann")
        }
    }

    ///
    @Test func r025_changingThePasswordEndsEveryOtherSession() async throws {
        try await withGateway { _, browser in
            _ = try await browser.register("ann")
            let phone = browser.another()
            #expect(try await phone.signIn("ann").status == 200)
            let old = browser.another()
            old.cookies = browser.cookies
            let new = "eleven small windmills"
            let wrong = try await browser.send(.post, "/api/auth/password", ["current_password": "x", "new_password": .string(new)])
            #expect(wrong.status == 403)
            #expect(wrong.faults == ["current_password"])
            let fields: JSONValue = ["current_password": .string(Browser.password), "new_password": .string(new)]
            #expect(try await browser.send(.post, "/api/auth/password", fields).status == 204)
            #expect(try await phone.status() == 401)
            #expect(try await old.status() == 401)
            #expect(try await browser.status() == 200)
            #expect(try await phone.signIn("ann").status == 401)
            #expect(try await phone.signIn("ann", password: new).status == 200)
        }
    }

    @Test func sessionsAreListedAndEndedOneByOne() async throws {
        try await withGateway { _, browser in
            _ = try await browser.register("ann")
            let phone = browser.another()
            #expect(try await phone.signIn("ann").status == 200)
            let bob = browser.another()
            _ = try await bob.register("bob")
            let list = try await browser.send(.get, "/api/auth/sessions").json["data"]?.array ?? []
            #expect(list.count == 2)
            let other = try #require(list.first { $0["current"]?.bool == false }?["id"]?.string)
            #expect(try await bob.status(.delete, "/api/auth/sessions/\(other)") == 404)
            #expect(try await browser.status(.delete, "/api/auth/sessions/nothing") == 404)
            #expect(try await browser.status(.delete, "/api/auth/sessions/\(other)") == 204)
            #expect(try await phone.status() == 401)
            #expect(try await browser.status() == 200)
        }
    }

    private static func attributes(_ cookie: String) -> (name: String, attributes: [String]) {
        let parts = cookie.split(separator: ";").map { String($0.drop { $0 == " " }) }
        return (String(parts[0].prefix { $0 != "=" }), parts.dropFirst().sorted())
    }
}
