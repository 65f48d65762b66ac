import AgentRuntime
import AgentTesting
import DatabaseFixtures
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Persistence
import Testing

@testable import Gateway

@Suite struct MetricsTests {
    private static let token = "a token of the tests"

    /// A chat that can be read with the token, with Ada signed in.
    private func withMetrics(
        _ model: any Model = ScriptedModel(),
        counting: Metrics = Metrics(),
        _ body: @escaping @Sendable (ChatFixture, Browser, @Sendable () async throws -> ScrapedMetrics) async throws -> Void
    ) async throws {
        try await withDatabase { database in
            let fixture = try await ChatFixture(database, model: model, metrics: counting)
            let application = fixture.application { router in fixture.metrics(Secret(Self.token.utf8)).addRoutes(to: router) }
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await fixture.supervisor.run() }
                try await application.test(.router) { client in
                    let browser = Browser(client, origin: fixture.gateway.configuration.publicURL.origin)
                    _ = try await browser.register("ada")
                    try await body(fixture, browser) { try await browser.another().metrics(Self.token) }
                }
                group.cancelAll()
            }
        }
    }

    @Test func requestsAreCountedByRouteMethodAndClassOfStatus() async throws {
        try await withMetrics { _, browser, metrics in
            for number in 1...3 { _ = try await browser.send(.get, "/api/todos/\(number)") }
            _ = try await browser.send(.post, "/api/todos", ["title": "Milk"])
            let page = try await metrics()
            let todo = ["route": "/api/todos/{number}", "method": "GET"]
            #expect(page.value("agent_http_requests_total", todo.merging(["status": "4xx"]) { $1 }) == 3)
            #expect(page.value("agent_http_requests_total", ["route": "/api/todos", "method": "POST", "status": "2xx"]) == 1)
            #expect(page.value("agent_http_request_duration_seconds_count", todo) == 3)
            #expect(page.value("agent_http_request_duration_seconds_bucket", todo.merging(["le": "+Inf"]) { $1 }) == 3)
        }
    }

    @Test func r079_unknownPathsMethodsAndToolsAreOneLabelEach() async throws {
        try await withMetrics { _, browser, metrics in
            let client = browser.another()
            _ = try await client.send(.get, "/first")
            let before = try await metrics().samples.count
            for number in 1...10_000 {
                let answer = try await client.client.executeRequest(
                    uri: "/\(UInt64.random(in: 0 ... .max))/\(number)?q=\(number)", method: .get, headers: [:], body: nil)
                #expect(answer.status == .notFound)
            }
            let page = try await metrics()
            #expect(page.value("agent_http_requests_total", ["route": "none", "method": "GET", "status": "4xx"]) == 10_001)
            // The page itself was asked for once more, which is a route of its own.
            #expect(page.samples.count == before + 1 + Histogram.latencies.bounds.count + 3)
        }
    }

    @Test func familiesStopGrowing() {
        let family = MetricFamily("x_total", "", ["name"])
        for number in 0..<5_000 { family.count("\(number)") }
        #expect(family.series.count == MetricFamily<Int>.capacity + 1)
        #expect(family.series.reduce(0) { $0 + $1.value } == 5_000)
        #expect(family.series.first { $0.labels == ["other"] }?.value == 4_000)
    }

    @Test func runsToolsAndModelsAreCounted() async throws {
        let script = ScriptedModel([
            .calls(("add_todo", #"{"title": "Milk"}"#), ("burn_down_the_house", "{}")), .text("Done."),
        ])
        let counting = Metrics()
        counting.watch(CircuitBreaker(), of: "main")
        try await withMetrics(counting.observing(script), counting: counting) { fixture, browser, metrics in
            #expect(try await browser.chat("Milk, please").types.last == "done")
            try await fixture.untilIdle()
            let page = try await metrics()
            #expect(page.value("agent_runs_total", ["end": "done"]) == 1)
            #expect(page.value("agent_run_duration_seconds_count") == 1)
            #expect(page.value("agent_tool_calls_total", ["tool": "add_todo", "status": "ok"]) == 1)
            #expect(page.labels("tool", of: "agent_tool_calls_total") == ["add_todo", "unknown"])
            #expect(page.value("agent_model_requests_total", ["model": script.name, "result": "ok"]) == 2)
            #expect(page.value("agent_model_first_byte_seconds_count", ["model": script.name]) == 2)
            #expect(page.labels("kind", of: "agent_model_tokens_total") == ["input", "cached_input", "output"])
            #expect(page.value("agent_streams_open") == 0)
            #expect(page.value("agent_model_circuit_open", ["provider": "main"]) == 0)
            #expect(page.value("agent_runs_active") == 0)
        }
    }

    @Test func failedModelRequestsAreCountedByTheirKind() async throws {
        let metrics = Metrics()
        let broken = ScriptedModel([.error(ModelError.http(status: 503, message: "", retryAfter: nil))])
        await #expect(throws: ModelError.self) {
            for try await _ in metrics.observing(broken).respond(to: ModelRequest(input: [])) {}
        }
        #expect(metrics.modelRequests.series.map(\.labels) == [[broken.name, "model_unavailable"]])
        #expect(metrics.modelFirstEvents.series.isEmpty)
    }

    @Test func signInsSecurityEventsHashesAndCommitsAreCounted() async throws {
        try await withMetrics { _, browser, metrics in
            #expect(try await browser.another().signIn("ada").status == 200)
            #expect(try await browser.another().signIn("ada", password: "not the password").status == 401)
            let page = try await metrics()
            #expect(page.value("agent_sign_ins_total", ["result": "ok"]) == 1)
            #expect(page.value("agent_sign_ins_total", ["result": "refused"]) == 1)
            #expect(page.value("agent_security_events_total", ["event": "sign_in_refused"]) == 1)
            #expect(page.value("agent_hash_wait_seconds_count") == 3)
            #expect(page.value("agent_hash_queue_length") == 0)
            #expect(try #require(page.value("agent_database_commit_seconds_count")) >= 2)
            #expect(page.value("agent_database_write_queue_length") == 0)
        }
    }

    /// Each attempt is one of these, also where nobody looked at the password.
    @Test func whateverBecomesOfASignInIsCounted() async throws {
        try await withDatabase { database in
            let gateway = try await GatewayFixture(database, limits: RateLimits(signInsOfAccount: RateLimit(4, every: .seconds(600))))
            let administration = AccountAdministration(
                users: gateway.users, hasher: gateway.hasher, policy: PasswordPolicy(), clock: gateway.time.wall, logger: gateway.log.logger)
            let (_, once) = try await administration.add("ann@example.org", name: "Ann")
            let application = gateway.application { router in
                router.post("/full") { try await gateway.signIn(with: HashQueue(capacity: 0)).signIn($0, $1) }
            }
            try await application.test(.router) { client in
                let browser = Browser(client, origin: gateway.configuration.publicURL.origin)
                func signIn(_ path: String, _ password: String, new: String? = nil) async throws -> Int {
                    let fields = ["email": "ann@example.org", "password": password, "new_password": new].compactMapValues { $0.map(JSONValue.string) }
                    return try await browser.another().send(.post, path, .object(fields)).status
                }
                let login = "/api/auth/login"
                #expect(try await signIn(login, once) == 403)
                #expect(try await signIn(login, once, new: "short") == 422)
                #expect(try await signIn(login, "not the password") == 401)
                #expect(try await signIn(login, once, new: Browser.password) == 200)
                #expect(try await signIn("/full", Browser.password) == 503)
                gateway.time.advance(by: .seconds(600))
                for _ in 0..<4 { _ = try await signIn(login, "not the password") }
                #expect(try await signIn(login, Browser.password) == 429)
                // Without an address or a password it is no attempt.
                #expect(try await browser.send(.post, login, ["email": "ann@example.org"]).status == 422)
            }
            let counted = gateway.metrics.signIns.series.map { ($0.labels, $0.value) }
            #expect(
                Dictionary(counted) { $0 + $1 } == [
                    ["busy"]: 1, ["new_password_needed"]: 2, ["ok"]: 1, ["rate_limited"]: 1, ["refused"]: 5,
                ])
        }
    }

    @Test(
        arguments: [
            (StoreError.unreachable, SignInResult.failed), (PasswordHasher.Refusal.failed, .failed), (PasswordHasher.Refusal.busy(seconds: 1), .busy),
            (CancellationError(), .cancelled),
            // The account went away meanwhile.
            (StoreError.noSuchOwner, .refused),
        ] as [(any Error, SignInResult)])
    func aSignInThatFailsIsCountedByWhoseFaultItIs(error: any Error, result: SignInResult) {
        #expect(SignInResult(error) == result)
    }

    @Test func thePageSaysHowTheProcessIs() async throws {
        try await withMetrics { _, _, metrics in
            let page = try await metrics()
            #expect(try #require(page.value("process_resident_memory_bytes")) > 1_000_000)
            #expect(try #require(page.value("process_open_fds")) > 3)
            #expect(try #require(page.value("process_start_time_seconds")) > 1_700_000_000)
            #expect(page.types["process_cpu_seconds_total"] == "counter")
        }
    }

    @Test func aNameOfAProcessDoesNotMoveItsFigures() throws {
        let line = "12 (a) b) S 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21"
        let fields = try #require(ProcessFigures.fields(of: line))
        #expect(fields == (cpuTicks: 11 + 12, startTicks: 19, residentPages: 21))
        #expect(ProcessFigures.fields(of: "12 (agent S 1 2") == nil)
        #expect(ProcessFigures.fields(of: "12 (agent) S 1 2") == nil)
    }

    @Test func onlyTheTokenOpensThePageWhereThereIsOne() async throws {
        try await withMetrics { _, browser, _ in
            let client = browser.another()
            for field in ["", "Bearer", "Bearer ", "Bearer wrong", "Basic \(Self.token)", "Bearer a token of the test"] {
                let answer = try await client.send(.get, "/metrics", nil, [.authorization: field])
                #expect(answer.status == 404, "\(field)")
                #expect(answer.json["title"] == "Not found")
            }
            #expect(try await client.send(.get, "/metrics").status == 404)
            let answer = try await client.send(.get, "/metrics", nil, [.authorization: "Bearer \(Self.token)"])
            #expect(answer.status == 200)
            #expect(answer.headers[.contentType] == "text/plain; version=0.0.4; charset=utf-8")
            #expect(!answer.text.contains(Self.token))
        }
    }

    private static let peers: [(String, HTTPFields, Bool)] = [
        ("127.0.0.1", [:], true), ("::1", [:], true), ("127.9.9.9", [:], true), ("::ffff:127.0.0.1", [:], true),
        ("192.0.2.1", [:], false), ("::2", [:], false),
        ("127.0.0.1", [.forwardedFor: "192.0.2.1"], false), ("127.0.0.1", [.forwarded: "for=192.0.2.1"], false),
        // A proxy that was configured, whatever it says.
        ("127.0.0.7", [:], false),
    ]

    @Test(arguments: peers)
    func withoutATokenOnlyThisMachineReadsThePage(peer: String, headers: HTTPFields, isAllowed: Bool) throws {
        let access = MetricsAccess(token: nil, proxies: try TrustedProxies(["127.0.0.7"]))
        #expect(access.allows(headers, from: IPAddress(peer)) == isAllowed)
        #expect(!access.allows(headers, from: nil))
    }

    @Test func aScraperOnThisMachineAsksByAddressAlsoBehindAName() async throws {
        try await withDatabase { database in
            let fixture = try await ChatFixture(database, model: ScriptedModel(), publicURL: "https://agent.example.com")
            let application = fixture.application { router in fixture.metrics(nil).addRoutes(to: router) }
            try await application.test(.live) { client in
                let page = try await client.executeRequest(uri: "/metrics", method: .get, headers: [:], body: nil)
                #expect(page.status == .ok)
                #expect(try ScrapedMetrics(String(buffer: page.body)).types["agent_runs_active"] == "gauge")
                let other = try await client.executeRequest(uri: "/api/todos", method: .get, headers: [:], body: nil)
                #expect(other.status == .misdirectedRequest)
            }
        }
    }
}

extension ChatFixture {
    fileprivate func metrics(_ token: Secret?) -> MetricsController {
        let page = MetricsPage(metrics: gateway.metrics, database: database, hasher: gateway.hasher, supervisor: supervisor)
        return MetricsController(page: page, access: MetricsAccess(token: token, proxies: gateway.configuration.proxies))
    }

    /// Returns when no run is under way; the last event of a run is there a moment before that.
    fileprivate func untilIdle() async throws {
        while !supervisor.liveRuns.isEmpty { await Task.yield() }
        while gateway.metrics.runs.series.isEmpty { await Task.yield() }
    }
}

extension Browser {
    fileprivate func metrics(_ token: String) async throws -> ScrapedMetrics {
        let answer = try await send(.get, "/metrics", nil, [.authorization: "Bearer \(token)"])
        #expect(answer.status == 200)
        return try ScrapedMetrics(answer.text)
    }
}

extension GatewayFixture {
    /// What signs in with passwords that wait in this queue.
    fileprivate func signIn(with queue: HashQueue) throws -> AuthController {
        let hasher = try PasswordHasher(cost: Argon2id(kibibytes: 8, passes: 1), queue: queue)
        let accounts = AccountService(users: users, sessions: sessions, hasher: hasher, clock: time.wall)
        return AuthController(accounts: accounts, sessions: sessions, cookies: configuration.cookies)
    }
}
