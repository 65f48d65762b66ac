import AgentRuntime
import DatabaseFixtures
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Persistence
import Testing

@testable import Gateway

/// What GET, HEAD and OPTIONS do, and what pages of other origins hear.
@Suite struct SafeMethodTests {
    private static let app = "https://app.example.com"

    private static var paths: [String] {
        Set(APIOperation.all.map { $0.path.replacing("{number}", with: "1").replacing("{id}", with: "x") }).sorted()
    }

    @Test(arguments: Driver.all) func r037_noSafeMethodChangesAnything(on driver: Driver) async throws {
        try await withDatabase(on: driver) { database in
            let gateway = try await GatewayFixture(database)
            try await gateway.browse { browser in
                _ = try await browser.register("ann")
                _ = try await browser.send(.post, "/api/todos", ["title": "Milk"])
                let program = try await Program(of: browser)
                let session = try #require(try await browser.send(.get, "/api/auth/sessions").json["data"]?.array?.first?["id"]?.string)
                let before = try await database.everyRow(on: driver)
                for path in Self.paths + ["/api/tokens/\(program.id)", "/api/auth/sessions/\(session)", "/api/todos?limit=1&q=milk"] {
                    for method in [HTTPRequest.Method.get, .head, .options] {
                        let answer = try await browser.send(method, path)
                        #expect(answer.status < 500 && answer.cookies.isEmpty, "\(method) \(path)")
                    }
                }
                #expect(try await database.everyRow(on: driver) == before)
            }
        }
    }

    @Test func r041_aPreflightAllowsWhatAnAllowedPageMayDoAndNothingElse() async throws {
        try await withGateway(on: [.sqlite], origins: [Self.app]) { gateway, browser in
            let served = Set(APIOperation.all.map { "\($0.method) \($0.path.replacing("{number}", with: "1").replacing("{id}", with: "x"))" })
            for path in Self.paths where path.hasPrefix("/api/auth") || path.hasPrefix("/api/to") {
                for origin in [Self.app, "https://evil.example", "null", "https://app.example.com.evil"] {
                    for method in [HTTPRequest.Method.get, .post, .put, .patch, .delete, .trace] {
                        let headers: HTTPFields = [.origin: origin, .accessControlRequestMethod: method.rawValue]
                        let answer = try await browser.send(.options, path, nil, headers)
                        let isAllowed = origin == Self.app && served.contains("\(method) \(path)")
                        #expect(answer.status == 204)
                        #expect((answer.headers[.accessControlAllowMethods] != nil) == isAllowed, "\(origin) \(method) \(path)")
                        #expect((answer.headers[.accessControlAllowHeaders] != nil) == isAllowed)
                        #expect(answer.headers[.accessControlAllowOrigin] == (origin == Self.app ? origin : nil))
                        #expect(answer.headers[values: .vary].contains("Origin"))
                    }
                }
            }
            #expect(try await gateway.users.accounts().isEmpty)
        }
    }

    @Test func r042_anAllowedPageReadsEveryKindOfFault() async throws {
        try await withDatabase { database in
            let gateway = try await GatewayFixture(
                database, origins: [Self.app], limits: RateLimits(registrations: RateLimit(1, every: .seconds(600))))
            let application = gateway.application { router in
                router.get("faults/broken") { _, _ -> Response in throw StoreError.corrupt("canary") }
                router.get("faults/busy") { _, _ -> Response in throw StoreError.locked }
            }
            try await application.test(.router) { client in
                let page = Browser(client, origin: Self.app)
                _ = try await page.register("ann")
                let other = page.another()
                let answers = [
                    try await other.send(.get, "/api/todos"), try await page.send(.delete, "/api/auth/account", ["password": "x"]),
                    try await page.send(.get, "/api/todos/7"),
                    try await page.send(.post, "/api/todos", body: String(repeating: " ", count: 20_000), [.contentType: "application/json"]),
                    try await page.send(.post, "/api/todos", [:]), try await other.send(.post, "/api/auth/register", Self.account),
                    try await page.send(.get, "/faults/broken"), try await page.send(.get, "/faults/busy"),
                ]
                #expect(answers.map(\.status) == [401, 403, 404, 413, 422, 429, 500, 503])
                for answer in answers {
                    #expect(answer.headers[.accessControlAllowOrigin] == Self.app && answer.headers[.accessControlAllowCredentials] == "true")
                    let exposed = answer.headers[.accessControlExposeHeaders]?.split(separator: ", ").map(String.init) ?? []
                    #expect(Set(exposed).isSuperset(of: ["retry-after", "ratelimit", "ratelimit-policy", "x-request-id"]))
                    #expect(answer.headers[values: .vary].contains("Origin") && !answer.text.contains("canary"))
                    #expect(answer.headers[.contentType] == "application/problem+json")
                }
                for answer in answers.suffix(3) where answer.status != 500 {
                    #expect(answer.headers[.retryAfter].flatMap { Int($0) }.map { $0 >= 1 } == true)
                }
            }
        }
    }

    private static let account: JSONValue = ["email": "bob@example.org", "name": "Bob", "password": .string(Browser.password)]
}
