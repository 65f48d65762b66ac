import AgentRuntime
import DatabaseFixtures
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Testing

@testable import Gateway

@Suite struct RoutingTests {
    /// what is not marked as open is closed, whatever is sent.
    @Test func r053_everyRouteButTheseNeedsASession() async throws {
        let open = ["POST /api/auth/register", "POST /api/auth/login", "POST /api/auth/logout"]
        try await withDatabase { database in
            let gateway = try await GatewayFixture(database)
            var listed: [(HTTPRequest.Method, String)] = []
            let application = gateway.application { listed = $0.routes.map { ($0.method, $0.path.description) } }
            try await application.test(.router) { [listed] client in
                #expect(listed.count > 15)
                for (method, path) in listed where path.hasPrefix("/api") && !open.contains("\(method) \(path)") {
                    let path = path.replacing("{number}", with: "1").replacing("{id}", with: "x")
                    let body: JSONValue? = [.get, .head].contains(method) ? nil : [:]
                    let answer = try await Browser(client, origin: "http://localhost").send(method, path, body)
                    #expect(answer.status == 401, "\(method) \(path)")
                }
            }
        }
    }

    @Test func anotherMethodIsNotAllowed() async throws {
        let cases: [(HTTPRequest.Method, String, String)] = [
            (HTTPRequest.Method.put, "/api/todos", "GET, HEAD, POST"), (.post, "/api/todos/1", "DELETE, GET, HEAD, PATCH"),
            (.get, "/api/auth/login", "POST"),
            (.delete, "/healthz", "GET, HEAD"), (.trace, "/api/todos", "GET, HEAD, POST"), (.connect, "/api/todos", "GET, HEAD, POST"),
            (.options, "/api/todos", "GET, HEAD, POST"),
        ]
        try await withGateway { _, browser in
            for (method, path, allowed) in cases {
                let answer = try await browser.send(method, path)
                #expect(answer.status == 405, "\(method)")
                #expect(answer.headers[.allow] == allowed, "\(method)")
                #expect(answer.json["type"]?.string == "urn:agent:problem:method-not-allowed")
            }
        }
    }

    @Test func aHeadHasNoBody() async throws {
        try await withGateway { _, browser in
            for path in ["/healthz", "/api/todos", "/api/nothing"] {
                let answer = try await browser.send(.head, path)
                #expect(answer.text.isEmpty)
                #expect(answer.headers[.contentLength] != "0")
            }
        }
    }

    ///
    @Test func r060_anOddPathIsNotFound() async throws {
        let cases: [String] = [
            "/api/todos/%00", "/api/todos/%", "/api/todos/%zz", "/api/todos/1%2f2", "/api/../etc/passwd", "/api/todos/%2e%2e", "/api/todos//1/2",
            "/api/todos/é",
            "/api/todos/" + String(repeating: "1", count: 100_000), "/" + String(repeating: "a/", count: 50_000),
        ]
        try await withGateway { _, browser in
            _ = try await browser.register("ann")
            for path in cases {
                #expect(try await browser.status(.get, path) == 404, "\(path)")
            }
        }
    }

    /// a line names the route, not what was sent.
    @Test func r078_theLogHoldsNothingOfTheRequest() async throws {
        try await withGateway { gateway, browser in
            _ = try await browser.register("ann")
            _ = try await browser.send(.get, "/api/todos?q=canary")
            _ = try await browser.send(.get, "/api/canary")
            _ = try await browser.send(.post, "/api/todos", ["title": "canary"], [.requestID: "canary", .userAgent: "canary"])
            _ = try await browser.send(try #require(HTTPRequest.Method("CANARY")), "/api/todos")
            let log = gateway.log.text
            #expect(!log.lowercased().contains("canary"))
            #expect(log.contains("method=POST") && log.contains("route=/api/todos ") && log.contains("status=201") && log.contains("milliseconds="))
            #expect(log.contains("method=other"))
        }
    }

    ///
    @Test(arguments: [
        ("localhost", true), ("127.0.0.1", true), ("[::1]", true), ("LocalHost", true), ("localhost:80", true), ("localhost:8080", false),
        ("evil.example", false),
        ("localhost.evil.example", false), ("localhost:", false), ("localhost:x", false), ("localhost:99999999999999999999", false), ("", false),
        ("user@localhost", false), ("[::1", false), ("localhost\u{0}", false), ("127.0.0.2", false),
    ])
    func r063_onlyItsOwnNamesAreServed(authority: String, isServed: Bool) throws {
        let configuration = try GatewayConfiguration(host: "127.0.0.1", port: 80)
        #expect(configuration.isServed(authority) == isServed)
        #expect(!configuration.isServed(nil))
    }

    @Test func anotherNameIsMisdirected() async throws {
        try await withDatabase { database in
            let gateway = try await GatewayFixture(database, publicURL: "https://agent.example.com")
            try await gateway.browse { browser in
                let answer = try await browser.send(.get, "/api/auth/verify")
                #expect(answer.status == 421)
                #expect(!answer.text.contains("localhost"))
                #expect(try await browser.status(.get, "/healthz") == 200)
            }
        }
    }

    /// https://www.rfc-editor.org/rfc/rfc9112#section-3.2
    @Test func r063_itsOwnNameTwiceIsMalformed() async throws {
        try await withGateway { _, browser in
            let answer = try await browser.send(.get, "/healthz", nil, [.host: "localhost"])
            #expect(answer.status == 400)
        }
    }

    /// every name in the request has to be one of them.
    @Test func r063_aSecondNameIsMisdirected() async throws {
        try await withGateway { _, browser in
            for host in ["evil.example", "localhost:81", ""] {
                let answer = try await browser.send(.get, "/healthz", nil, [.host: host])
                #expect(answer.status == 421)
            }
            for (url, status) in [("http://evil.example/healthz", 421), ("http://localhost:81/healthz", 421), ("http://localhost/healthz", 200)] {
                let answer = try await browser.send(.get, url)
                #expect(answer.status == status)
            }
        }
    }
}
