import AgentRuntime
import DatabaseFixtures
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Testing

@testable import Gateway

@Suite struct SecurityHeadersTests {
    /// on every kind of answer.
    @Test func r071_r072_everyAnswerHasThem() async throws {
        try await withGateway(publicURL: "https://localhost") { _, browser in
            let register = try await browser.register("ann")
            let answers = [
                register, try await browser.send(.get, "/api/todos"), try await browser.send(.get, "/api/nothing"),
                try await browser.send(.put, "/api/todos"),
                try await browser.send(.post, "/api/todos", body: "x", [.contentType: "text/plain"]), try await browser.send(.get, "/nothing"),
                try await browser.send(.post, "/api/todos", [:]), try await browser.send(.get, "/api/todos/1"),
                try await browser.another().send(.get, "/api/todos"),
                try await browser.send(.options, "/api/todos"), try await browser.send(.post, "/api/todos", nil, [.origin: "null"]),
            ]
            #expect(Set(answers.map(\.status)) == [201, 200, 404, 405, 415, 422, 401, 403])
            for answer in answers {
                #expect(answer.headers[.xContentTypeOptions] == "nosniff")
                #expect(answer.headers[.referrerPolicy] == "no-referrer")
                #expect(answer.headers[.contentSecurityPolicy] == "default-src 'none'; frame-ancestors 'none'")
                #expect(answer.headers[.crossOriginResourcePolicy] == "same-origin")
                #expect(answer.headers[.strictTransportSecurity] == "max-age=31536000; includeSubDomains")
                #expect(answer.headers[.cacheControl] == "no-store")
                #expect(answer.headers[.server] == nil)
                #expect(answer.headers[.requestID]?.utf8.count == 36)
            }
        }
    }

    @Test func aPageMayLoadItsOwnFilesAndNothingInline() async throws {
        try await withDatabase { database in
            let gateway = try await GatewayFixture(database)
            let application = gateway.application { router in
                router.get("/") { _, _ in Response(status: .ok, headers: [.contentType: "text/html; charset=utf-8"]) }
            }
            try await application.test(.router) { client in
                let answer = try await Browser(client, origin: nil).send(.get, "/")
                let policy = answer.headers[.contentSecurityPolicy] ?? ""
                for rule in ["default-src 'none'", "script-src 'self'", "object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'"] {
                    #expect(policy.contains(rule))
                }
                #expect(!policy.contains("unsafe"))
                #expect(answer.headers[.crossOriginOpenerPolicy] == "same-origin")
                #expect(answer.headers[.strictTransportSecurity] == nil)
                #expect(answer.headers[.cacheControl] == nil)
            }
        }
    }
}
