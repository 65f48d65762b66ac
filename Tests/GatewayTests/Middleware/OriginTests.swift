import AgentRuntime
import HTTPTypes
import Testing

@testable import Gateway

@Suite struct OriginTests {
    private static let app = "https://app.example.com"

    /// refused, and nothing is written.
    @Test func r035_aWriteFromElsewhereIsRefused() async throws {
        let cases: [[(String, String)]] = [
            [("Origin", "https://evil.example")], [("Origin", "null")], [("Origin", "https://app.example.com.evil")],
            [("Origin", "http://app.example.com")],
            [("Origin", "https://app.example.com:8443")], [("Origin", "https://APP.example.com")], [("Origin", "https://app.example.com.")],
            [("Origin", "https://app.example.com/")], [("Origin", "http://localhost:81")], [("Origin", "https://localhost")], [("Origin", "")],
            [("Origin", Self.app), ("Origin", Self.app)], [("Sec-Fetch-Site", "cross-site")], [("Sec-Fetch-Site", "same-site")],
            [("Sec-Fetch-Site", "Same-Origin")], [],
            [("Origin", "https://evil.example"), ("Sec-Fetch-Site", "same-origin")],
        ]
        try await withGateway(origins: [Self.app]) { _, browser in
            _ = try await browser.register("ann")
            for sent in cases {
                let page = Browser(browser.client, origin: nil)
                page.cookies = browser.cookies
                let answer = try await page.send(.post, "/api/todos", ["title": "Milk"], try Self.fields(sent))
                #expect(answer.status == 403, "\(sent)")
                #expect(answer.json["type"]?.string == "urn:agent:problem:not-allowed")
                #expect(try await browser.send(.get, "/api/todos").json["data"]?.array == [], "\(sent)")
            }
        }
    }

    @Test func aWriteFromAnAllowedPageIsTaken() async throws {
        let cases: [[(String, String)]] = [
            [("Origin", Self.app)], [("Origin", "http://localhost")], [("Origin", "http://127.0.0.1")], [("Origin", "http://[::1]")],
            [("Sec-Fetch-Site", "same-origin")], [("Sec-Fetch-Site", "none")], [("Origin", Self.app), ("Sec-Fetch-Site", "cross-site")],
        ]
        try await withGateway(origins: [Self.app]) { _, browser in
            _ = try await browser.register("ann")
            for sent in cases {
                let page = Browser(browser.client, origin: nil)
                page.cookies = browser.cookies
                #expect(try await page.send(.post, "/api/todos", ["title": "Milk"], try Self.fields(sent)).status == 201, "\(sent)")
            }
        }
    }

    /// A page of somebody else cannot sign a visitor in either; a program without cookies can.
    @Test func signingInIsCoveredToo() async throws {
        try await withGateway { _, browser in
            _ = try await browser.register("ann")
            let program = Browser(browser.client, origin: nil)
            let fields: JSONValue = ["email": "ann@example.org", "password": .string(Browser.password)]
            #expect(try await program.send(.post, "/api/auth/login", fields, [.origin: "https://evil.example"]).status == 403)
            #expect(try await program.send(.post, "/api/auth/login", fields).status == 200)
        }
    }

    @Test func readingNeedsNoOrigin() async throws {
        try await withGateway { _, browser in
            _ = try await browser.register("ann")
            let page = Browser(browser.client, origin: nil)
            page.cookies = browser.cookies
            #expect(try await page.status() == 200)
        }
    }

    private static func fields(_ sent: [(String, String)]) throws -> HTTPFields {
        var fields = HTTPFields()
        for (name, value) in sent { fields.append(HTTPField(name: try #require(HTTPField.Name(name)), value: value)) }
        return fields
    }
}
