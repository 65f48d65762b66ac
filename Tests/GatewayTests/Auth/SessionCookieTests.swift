import AgentRuntime
import DatabaseFixtures
import FoundationEssentials
import HTTPTypes
import Persistence
import Testing

@testable import Gateway

@Suite struct SessionCookieTests {
    @Test func r003_cookiesStaySmallForTheLongestAccount() async throws {
        try await withGateway(publicURL: "https://localhost") { _, browser in
            let email = String(repeating: "x", count: 254 - 12) + "@example.org"
            let name = String(repeating: "🌲", count: Registration.nameLength.upperBound)
            let account: JSONValue = ["email": .string(email), "name": .string(name), "password": .string(Browser.password)]
            let answer = try await browser.send(.post, "/api/auth/register", account)
            #expect(answer.status == 201)
            #expect(answer.cookies.count == 2 && answer.cookies.allSatisfy { $0.utf8.count < 1_024 })
        }
    }

    @Test func r006_aCookieLastsAsLongAsItsToken() async throws {
        try await withGateway { gateway, browser in
            _ = try await browser.register("ann")
            for _ in 0..<2 {
                let answer = try await browser.send(.post, "/api/auth/refresh")
                let access = try #require(browser.cookies["agent"]).split(separator: ".")
                let claims = try JSONValue(json: try #require(Base64URL.decode(access[1].utf8)))
                let lifetime = try #require(claims["exp"]?.integer) - Int(gateway.time.now.milliseconds / 1_000)
                #expect(lifetime <= 15 * 60)
                #expect(answer.cookies.first?.contains("Max-Age=\(lifetime);") == true)
                #expect(answer.cookies.last?.contains("Max-Age=\(14 * 86_400);") == true)
                gateway.time.advance(by: .seconds(600))
            }
        }
    }

    @Test func r016_howATokenIsSpelledDoesNotRevokeTheRevocation() async throws {
        try await withGateway { _, browser in
            _ = try await browser.register("ann")
            let token = try #require(browser.cookies["agent"])
            let other = browser.another()
            #expect(try await browser.status(.post, "/api/auth/logout") == 204)
            let letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_+/="
            for spelling in letters.map({ token.dropLast() + String($0) }) + [token, token + "=", token + "==", "\"\(token)\""] {
                #expect(try await other.send(.get, "/api/auth/verify", nil, [.cookie: "agent=\(spelling)"]).status == 401)
            }
        }
    }

    /// Whether its last write reached the database or not: the token that the browser has is good, or was exchanged a moment ago.
    @Test(arguments: Driver.all, [0, 1]) func r032_aProcessThatDiesDuringARefreshSignsNobodyOut(on driver: Driver, writes: Int) async throws {
        try await withDatabase(on: driver) { database in
            let mortal = MortalDatabase(database, hearsLast: false)
            let dying = try await GatewayFixture(mortal)
            let cookies = try await dying.browse { browser in
                _ = try await browser.register("ann")
                let cookies = browser.cookies
                mortal.die(after: writes)
                #expect(try await browser.status(.post, "/api/auth/refresh") == 500)
                #expect(browser.cookies == cookies)
                return cookies
            }
            try await GatewayFixture(database).browse { browser in
                browser.cookies = cookies
                let answer = try await browser.send(.post, "/api/auth/refresh")
                #expect(answer.status == 204)
                #expect(try await browser.status() == 200)
                #expect(try await browser.status(.post, "/api/auth/refresh") == 204)
                #expect(browser.cookies["agent-refresh"]?.split(separator: ".")[1] == "3")
            }
        }
    }

    @Test func r031_aClockThatIsSetBackMakesNothingGoodAgain() async throws {
        try await withGateway { gateway, browser in
            _ = try await browser.register("ann")
            gateway.time.advance(by: .seconds(14 * 86_400 + 60))
            #expect(try await browser.status(.post, "/api/auth/refresh") == 401)
            let kept = browser.another()
            _ = try await kept.signIn("ann")
            let access = kept.cookies
            gateway.time.advance(by: .seconds(16 * 60))
            #expect(try await kept.status() == 401)
            gateway.time.advance(by: .seconds(-3_600))
            #expect(try await browser.status(.post, "/api/auth/refresh") == 401)
            kept.cookies = access
            #expect(try await kept.status() == 401)
        }
    }

    /// of PostgreSQL every row, as it is written out.
    @Test func r026_noTokenIsInAnyRowOfPostgreSQL() async throws {
        try await withDatabase(on: .postgres) { database in
            let gateway = try await GatewayFixture(database)
            let secrets = try await gateway.browse { browser in
                _ = try await browser.register("ann")
                _ = try await browser.send(.post, "/api/auth/refresh")
                let program = try await Program(of: browser)
                return browser.cookies.values.flatMap { $0.split(separator: ".").map(String.init) }.filter { $0.utf8.count > 40 } + [program.token]
            }
            #expect(secrets.count == 5)
            let rows = try await database.everyRow(on: .postgres)
            #expect(rows.contains { $0.contains("ann@example.org") })
            for row in rows { #expect(!secrets.contains { row.contains($0) || row.contains($0.suffix(48)) }) }
        }
    }
}
