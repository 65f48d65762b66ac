import AgentRuntime
import AgentTesting
import DatabaseFixtures
import HTTPTypes
import Persistence
import Synchronization
import Testing

@testable import Gateway

@Suite struct APITokenTests {
    @Test(arguments: Driver.all) func r026_aTokenIsShownOnceAndStoredAsItsHash(on driver: Driver) async throws {
        try await withDatabase(on: driver) { database in
            let gateway = try await GatewayFixture(database)
            try await gateway.browse { browser in
                _ = try await browser.register("ann")
                let made = try await browser.send(.post, "/api/tokens", ["name": "Phone", "expires_in_days": 1])
                #expect(made.status == 201)
                #expect(made.json.object?.keys.sorted() == ["created_at", "expires_at", "id", "name", "scopes", "token"])
                #expect(made.json["scopes"] == ["chat", "todos:read", "todos:write"])
                #expect(made.json["expires_at"] == "2027-01-16T08:00:00.000Z")
                let text = try #require(made.json["token"]?.string)
                let list = try await browser.send(.get, "/api/tokens")
                #expect(list.json["data"]?.array?.map { $0["id"] } == [made.json["id"]])
                #expect(!list.text.contains(text) && list.json["data"]?.array?.first?["token"] == nil)
                let rows = try await database.read { try $0.all("SELECT name, hash, scopes FROM api_tokens") }
                #expect(try rows.map { try $0.text("hash") } == [APITokenText(text)?.hash])
                #expect(!gateway.log.text.contains(text))
            }
        }
    }

    @Test(arguments: Driver.all) func aProgramActsInThePersonsNameWithoutCookiesOrOrigin(on driver: Driver) async throws {
        try await withDatabase(on: driver) { database in
            let gateway = try await GatewayFixture(database)
            try await gateway.browse { browser in
                _ = try await browser.register("ann")
                let program = try await Program(of: browser)
                #expect(try await program.send(.post, "/api/todos", ["title": "Milk"]).status == 201)
                #expect(try await browser.send(.get, "/api/todos/1").json["title"] == "Milk")
                let answer = try await program.send(.get, "/api/todos", nil, [.authorization: "bEARER  \(program.token)"])
                #expect(answer.status == 200 && answer.cookies.isEmpty)
                #expect(answer.headers[.cacheControl] == "no-store")
                let uses = APITokenUseRecorder(
                    uses: gateway.apiTokens.uses, store: gateway.tokenStore, clock: ContinuousClock(), logger: gateway.log.logger)
                await uses.record()
                let list = try await browser.send(.get, "/api/tokens")
                #expect(list.json["data"]?.array?.first?["last_used_at"] == "2027-01-15T08:00:00.000Z")
                #expect(gateway.apiTokens.uses.take().isEmpty)
            }
        }
    }

    /// What a route is described to take it takes, and nothing else.
    @Test func r053_everyRouteTakesTokensOfItsScopeAlone() async throws {
        try await withChat(ScriptedModel()) { _, ada in
            var programs: [APIScope?: Program] = [:]
            for scope in APIScope.allCases {
                let others = APIScope.allCases.filter { $0 != scope }.map { JSONValue.string($0.rawValue) }
                programs[scope] = try await Program(of: ada, ["scopes": .array(others)])
            }
            programs[nil] = try await Program(of: ada)
            for operation in APIOperation.all where operation.access != .open {
                let path = operation.path.replacing("{id}", with: "0").replacing("{number}", with: "7")
                let body: JSONValue? = operation.body == nil ? nil : ["unknown": 1]
                let complete = try await #require(programs[nil]).send(operation.method, path, body)
                guard let scope = operation.scope else {
                    #expect(complete.status == 401, "\(operation.id)")
                    continue
                }
                #expect([200, 404, 422].contains(complete.status), "\(operation.id)")
                let refused = try await #require(programs[scope]).send(operation.method, path, body)
                #expect(refused.status == 403, "\(operation.id)")
                #expect(refused.json["type"] == "urn:agent:problem:missing-scope")
                #expect(refused.json["scope"]?.string == scope.rawValue)
                #expect(refused.headers[.wwwAuthenticate]?.contains("error=\"insufficient_scope\", scope=\"\(scope.rawValue)\"") == true)
            }
            #expect(APIOperation.all.count { $0.scope != nil } >= 15)
        }
    }

    @Test func aTokenMakesNoTokenAndChangesNoAccount() async throws {
        try await withGateway { _, browser in
            _ = try await browser.register("ann")
            let program = try await Program(of: browser)
            let password: JSONValue = ["current_password": .string(Browser.password), "new_password": "nine loud lanterns"]
            for (method, path, body) in [
                (HTTPRequest.Method.post, "/api/tokens", ["name": "Another"]), (.get, "/api/tokens", nil),
                (.delete, "/api/tokens/\(program.id)", nil), (.get, "/api/auth/verify", nil), (.get, "/api/auth/sessions", nil),
                (.post, "/api/auth/password", password), (.post, "/api/auth/logout-all", nil), (.post, "/api/auth/refresh", nil),
                (.delete, "/api/auth/account", ["password": .string(Browser.password)]),
            ] as [(HTTPRequest.Method, String, JSONValue?)] {
                #expect(try await program.send(method, path, body).status == 401, "\(method) \(path)")
            }
            #expect(try await browser.send(.get, "/api/tokens").json["data"]?.array?.count == 1)
            #expect(try await browser.signIn("ann").status == 200)
        }
    }

    @Test func aTokenBesideASessionsCookiesIsRefused() async throws {
        try await withGateway { gateway, browser in
            _ = try await browser.register("ann")
            let program = try await Program(of: browser)
            for cookie in browser.cookies.map({ "\($0.key)=\($0.value)" }) + ["agent=", "agent-refresh=x", "theme=dark; agent=x"] {
                let answer = try await program.send(.post, "/api/todos", ["title": "Milk"], [.cookie: cookie, .origin: "http://localhost"])
                #expect(answer.status == 400, "\(cookie)")
            }
            // A bad one is bad, whatever comes with it.
            #expect(try await browser.send(.get, "/api/todos", nil, [.authorization: "Bearer x"]).status == 401)
            #expect(try await program.send(.get, "/api/todos", nil, [.cookie: "theme=dark"]).json["data"]?.array == [])
            // What a proxy in front asks for is none of our business.
            #expect(try await browser.send(.get, "/api/todos", nil, [.authorization: "Basic YTpi"]).status == 200)
            #expect(!gateway.log.text.contains(program.token))
        }
    }

    @Test(arguments: Driver.all) func whatIsNoTokenIsRefused(on driver: Driver) async throws {
        try await withDatabase(on: driver) { database in
            let gateway = try await GatewayFixture(database)
            try await gateway.browse { browser in
                _ = try await browser.register("ann")
                let program = try await Program(of: browser)
                let token = program.token
                let others = [
                    "", " ", "x", String(token.dropLast()), token + "A", token + "=", token.lowercased(), String(token.dropFirst(6)),
                    "AGENT_" + token.dropFirst(6), token.replacing("agent_", with: "agent-"), APITokenText().text, token + " " + token,
                    String(repeating: "A", count: 100_000), "agent_" + String(repeating: "é", count: 24), "' OR 1=1--",
                    browser.cookies["agent"] ?? "",
                ]
                let answers = try await others.asyncMap { try await program.send(.get, "/api/todos", nil, [.authorization: "Bearer \($0)"]) }
                #expect(Set(answers.map(\.status)) == [401])
                #expect(Set(answers.map { $0.headers[.wwwAuthenticate] }) == ["Bearer realm=\"agent\", error=\"invalid_token\""])
                #expect(Set(answers.map { $0.json["detail"] }).count == 1)
                var twice = HTTPFields()
                for _ in 0..<2 { twice.append(HTTPField(name: .authorization, value: "Bearer \(token)")) }
                #expect(try await program.send(.get, "/api/todos", nil, twice).status == 400)
                #expect(try await program.send(.get, "/api/todos").status == 200)
            }
        }
    }

    /// R-015: at once where it is revoked, and within the life of what is remembered elsewhere.
    @Test(arguments: Driver.all) func r015_aRevokedTokenStopsWorking(on driver: Driver) async throws {
        try await withDatabase(on: driver) { database in
            let start = ContinuousClock.now
            let passed = Mutex(Duration.zero)
            let gateway = try await GatewayFixture(database, cache: AccessCache { start + passed.withLock { $0 } })
            try await gateway.browse { browser in
                _ = try await browser.register("ann")
                let (first, second, third) = (try await Program(of: browser), try await Program(of: browser), try await Program(of: browser))
                for program in [first, second, third] { #expect(try await program.send(.get, "/api/todos").status == 200) }
                #expect(try await browser.send(.delete, "/api/tokens/\(first.id)").status == 204)
                #expect(try await first.send(.get, "/api/todos").status == 401)
                #expect(try await browser.send(.delete, "/api/tokens/\(first.id)").status == 404)
                let ann = try #require(try await gateway.users.account("ann@example.org")).user
                // As another process does.
                _ = try await gateway.tokenStore.revoke(second.id, user: ann.id)
                passed.withLock { $0 = .seconds(3) }
                #expect(try await second.send(.get, "/api/todos").status == 401)
                try await gateway.users.disable(ann.id)
                passed.withLock { $0 = .seconds(6) }
                #expect(try await third.send(.get, "/api/todos").status == 401)
            }
        }
    }

    /// Another process may end a session that this one still knows: of what it allows meanwhile, nothing lasts.
    @Test(arguments: Driver.all) func r015_aSessionThatEndedElsewhereMakesNoToken(on driver: Driver) async throws {
        try await withDatabase(on: driver) { database in
            let gateway = try await GatewayFixture(database)
            try await gateway.browse { browser in
                let user = try await browser.register("ann")
                #expect(try await browser.status() == 200)
                try await gateway.store.revokeAll(user: #require(user.json["id"]?.string))
                #expect(try await browser.status() == 200, "It is known for three seconds.")
                #expect(try await browser.send(.post, "/api/tokens", ["name": "Phone"]).status == 401)
                #expect(try await database.read { try $0.all("SELECT id FROM api_tokens") }.isEmpty)
            }
        }
    }

    @Test(arguments: Driver.all) func r015_aTokenOfADeletedAccountAndAnExpiredOneStopWorking(on driver: Driver) async throws {
        try await withDatabase(on: driver) { database in
            let gateway = try await GatewayFixture(database, cache: AccessCache(lifetime: .zero))
            try await gateway.browse { browser in
                _ = try await browser.register("ann")
                let (short, long) = (try await Program(of: browser, ["expires_in_days": 1]), try await Program(of: browser))
                gateway.time.advance(by: .seconds(86_399))
                #expect(try await short.send(.get, "/api/todos").status == 200)
                gateway.time.advance(by: .seconds(1))
                #expect(try await short.send(.get, "/api/todos").status == 401)
                #expect(try await long.send(.get, "/api/todos").status == 200)
                #expect(try await browser.signIn("ann").status == 200)
                #expect(try await browser.send(.delete, "/api/auth/account", ["password": .string(Browser.password)]).status == 204)
                #expect(try await long.send(.get, "/api/todos").status == 401)
            }
        }
    }

    @Test func r050_nobodySeesOrRevokesSomebodyElsesTokens() async throws {
        try await withGateway { _, browser in
            _ = try await browser.register("ann")
            let program = try await Program(of: browser)
            let bob = browser.another()
            _ = try await bob.register("bob")
            #expect(try await bob.send(.get, "/api/tokens").json["data"] == [])
            #expect(try await bob.send(.delete, "/api/tokens/\(program.id)").status == 404)
            #expect(try await program.send(.get, "/api/todos").status == 200)
        }
    }

    private static let faults: [(String, JSONValue)] = [
        ("name", .null), ("name", ""), ("name", " "), ("name", "a\nb"), ("name", .string(String(repeating: "x", count: 101))), ("name", 7),
        ("scopes", []), ("scopes", "chat"), ("scopes", ["Chat"]), ("scopes", ["chat", "admin"]), ("scopes", ["chat", "chat"]), ("scopes", [1]),
        ("expires_in_days", 0), ("expires_in_days", 3_651), ("expires_in_days", -1), ("expires_in_days", 1.5), ("expires_in_days", "1"),
        ("expires_in_days", 9_223_372_036_854_775_807), ("token", "agent_mine"), ("user_id", "bob"),
    ]

    @Test func aFieldThatCannotBeTakenIsNamed() async throws {
        try await withGateway { _, browser in
            _ = try await browser.register("ann")
            for (field, value) in Self.faults {
                let answer = try await browser.send(.post, "/api/tokens", .object(["name": "Phone"].merging([field: value]) { $1 }))
                #expect(answer.status == 422, "\(field): \(value)")
                #expect(answer.faults == [field])
            }
            #expect(try await browser.send(.get, "/api/tokens").json["data"] == [])
        }
    }

    @Test func theFiftyFirstIsAConflict() async throws {
        try await withGateway { _, browser in
            _ = try await browser.register("ann")
            for _ in 0..<APITokenStore.maximumCount { _ = try await Program(of: browser, ["scopes": ["chat"]]) }
            #expect(try await browser.send(.post, "/api/tokens", ["name": "Another"]).status == 409)
            let list = try #require(try await browser.send(.get, "/api/tokens").json["data"]?.array)
            #expect(list.count == APITokenStore.maximumCount)
            #expect(try await browser.send(.delete, "/api/tokens/\(list[0]["id"]?.string ?? "")").status == 204)
            #expect(try await browser.send(.post, "/api/tokens", ["name": "Another"]).status == 201)
        }
    }

    @Test func aTokensTextHasOneSpellingAndNothingElseIsOne() throws {
        #expect(Set((0..<100).map { _ in APITokenText().text }).count == 100)
        let text = APITokenText().text
        #expect(text.utf8.count == 54 && APITokenText(text)?.hash == APITokenText(text)?.hash)
        for index in text.utf8.indices.dropFirst(APITokenText.prefix.utf8.count) {
            var bytes = Array(text.utf8)
            let position = text.utf8.distance(from: text.utf8.startIndex, to: index)
            bytes[position] = bytes[position] == UInt8(ascii: "A") ? UInt8(ascii: "B") : UInt8(ascii: "A")
            #expect(APITokenText(String(decoding: bytes, as: UTF8.self)) == nil)
        }
    }
}

extension Array {
    fileprivate func asyncMap<T>(_ transform: (Element) async throws -> T) async rethrows -> [T] {
        var values: [T] = []
        for element in self { values.append(try await transform(element)) }
        return values
    }
}
