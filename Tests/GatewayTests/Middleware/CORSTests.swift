import AgentRuntime
import HTTPTypes
import Testing

@testable import Gateway

@Suite struct CORSTests {
    private static let app = "https://app.example.com"

    /// exactly this origin, and credentials only then.
    @Test func r038_aNearMissGetsNothing() async throws {
        let cases: [String] = [
            "https://evil.example", "null", "https://app.example.com.evil", "http://app.example.com", "https://app.example.com:8443",
            "https://APP.example.com", "https://app.example.com.", "*", "http://localhost:81",
        ]
        try await withGateway(origins: [Self.app]) { _, browser in
            for origin in cases {
                let answer = try await browser.send(.get, "/api/auth/verify", nil, [.origin: origin])
                #expect(answer.headers[.accessControlAllowOrigin] == nil, "\(origin)")
                #expect(answer.headers[.accessControlAllowCredentials] == nil, "\(origin)")
            }
        }
    }

    /// on every kind of answer, and `Vary` with and without an origin.
    @Test func r038_r039_r042_everyAnswerSaysWhoMayReadIt() async throws {
        try await withGateway(origins: [Self.app]) { _, browser in
            _ = try await browser.register("ann")
            let requests: [(HTTPRequest.Method, String, String?, Int)] = [
                (.get, "/api/auth/verify", nil, 200), (.post, "/api/auth/refresh", nil, 204), (.post, "/api/todos", "{\"title\":\"x\"}", 201),
                (.get, "/api/todos/99", nil, 404), (.get, "/api/nothing", nil, 404), (.put, "/api/todos", nil, 405), (.post, "/api/todos", "{", 400),
                (.post, "/api/todos", "{}", 422), (.post, "/api/todos", String(repeating: " ", count: 20_000), 413), (.get, "/healthz", nil, 200),
                (.post, "/api/auth/logout", nil, 204), (.get, "/api/auth/verify", nil, 401),
            ]
            for (method, path, body, status) in requests {
                for origin in [Self.app, nil] {
                    let page = Browser(browser.client, origin: origin)
                    page.cookies = browser.cookies
                    var headers: HTTPFields = body == nil ? [:] : [.contentType: "application/json"]
                    if origin == nil { headers[.secFetchSite] = "same-origin" }
                    let answer = try await page.send(method, path, body: body, headers)
                    if page.cookies != browser.cookies { browser.cookies = page.cookies }
                    if origin != nil || status != 204 { #expect(answer.status == status, "\(method) \(path)") }
                    #expect(answer.headers[values: .vary].contains("Origin"))
                    #expect(answer.headers[.accessControlAllowOrigin] == origin)
                    #expect(answer.headers[.accessControlAllowCredentials] == (origin == nil ? nil : "true"))
                    #expect((answer.headers[.accessControlExposeHeaders]?.contains("x-request-id") ?? false) == (origin != nil))
                }
            }
            let refused = try await browser.send(.post, "/api/todos", ["title": "x"], [.origin: "https://evil.example"])
            #expect(refused.status == 403)
            #expect(refused.headers[.vary] == "Origin")
        }
    }

    ///
    @Test func r041_aPreflightIsAnsweredWithoutSigningIn() async throws {
        let cases: [(String, String, String?, Bool)] = [
            (Self.app, "POST", "content-type", true), (Self.app, "GET", nil, true), (Self.app, "POST", "Content-Type, Idempotency-Key", true),
            (Self.app, "PUT", nil, false), (Self.app, "post", nil, false), (Self.app, "POST", "x-other", false),
            ("https://evil.example", "POST", nil, false),
            ("null", "GET", nil, false),
        ]
        try await withGateway(origins: [Self.app]) { _, browser in
            for (origin, method, headers, isAllowed) in cases {
                var fields: HTTPFields = [.origin: origin, .accessControlRequestMethod: method]
                fields[.accessControlRequestHeaders] = headers
                let answer = try await browser.send(.options, "/api/todos", nil, fields)
                #expect(answer.status == 204, "\(origin)")
                #expect(answer.headers[.accessControlAllowMethods] == (isAllowed ? "GET, HEAD, POST" : nil), "\(origin)")
                #expect((answer.headers[.accessControlAllowHeaders] != nil) == isAllowed, "\(origin)")
                #expect(answer.headers[.accessControlMaxAge].flatMap { Int($0) }.map { $0 <= 7_200 } == (isAllowed ? true : nil), "\(origin)")
                #expect(answer.headers[.accessControlAllowOrigin] == (origin == Self.app ? origin : nil), "\(origin)")
                #expect(answer.headers[values: .vary].contains("Origin"), "\(origin)")
                #expect(try await browser.send(.options, "/api/nothing", nil, fields).status == 404, "\(origin)")
            }
        }
    }

    ///
    @Test(arguments: [
        "*", "null", "https://*.example.com", "https://app.example.com/", "https://app.example.com/path", "app.example.com",
        "HTTPS://app.example.com",
        "https://APP.example.com", "https://app.example.com:443", "https://user@app.example.com", "ftp://app.example.com", "", "https://",
        "http://app.example.com",
    ])
    func r040_aBadOriginIsRefusedAtStart(origin: String) {
        #expect(throws: GatewayConfigurationError.self) { try GatewayConfiguration(host: "127.0.0.1", port: 8_080, allowedOrigins: [origin]) }
    }
}
