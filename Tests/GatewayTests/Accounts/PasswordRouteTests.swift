import AgentRuntime
import DatabaseFixtures
import HTTPTypes
import Persistence
import Testing

@testable import Gateway

/// Passwords as clients meet them.
@Suite struct PasswordRouteTests {
    private func register(_ browser: Browser, _ name: String, _ password: String) async throws -> Int {
        let body: JSONValue = ["email": .string("\(name)@example.org"), "name": .string(name), "password": .string(password)]
        return try await browser.another().send(.post, "/api/auth/register", body).status
    }

    @Test func r020_lengthHasBoundsAndNothingIsCutOff() async throws {
        try await withGateway { _, browser in
            let long =
                String("the quick brown foxes jumped over lazy dogs and some 7 windmills. ".prefix(64))
                + String(repeating: "kV9#mQ2$xL7@ ", count: 20)
            for (number, (length, status)) in [(11, 422), (12, 201), (64, 201), (256, 201), (257, 422), (15_000, 422)].enumerated() {
                let password = length > long.count ? long + String(repeating: "z", count: length - long.count) : String(long.prefix(length))
                let answered = try await register(browser, "p\(number)", password)
                #expect(answered == status, "\(length)")
            }
            let right = String(long.prefix(256))
            let wrong = right.prefix(99) + "~" + right.dropFirst(100)
            #expect(try await browser.another().signIn("p3", password: String(wrong)).status == 401)
            #expect(try await browser.another().signIn("p3", password: String(right.dropLast())).status == 401)
            #expect(try await browser.another().signIn("p3", password: right).status == 200)
            #expect(try await register(browser, "big", String(repeating: "x", count: 1_000_000)) == 413)
        }
    }

    @Test func r021_everyByteCountsButHowAnAccentWasTyped() async throws {
        try await withGateway { _, browser in
            let pairs = [
                ("a trailing windmill ", "a trailing windmill"), (" seven lamps 👩‍👩‍👧", " seven lamps 👩‍👩‍👦"), ("Quiet Lanterns 7", "quiet lanterns 7"),
            ]
            for (number, (right, wrong)) in pairs.enumerated() {
                let status = try await register(browser, "p\(number)", right)
                #expect(status == 201)
                #expect(try await browser.another().signIn("p\(number)", password: wrong).status == 401)
                #expect(try await browser.another().signIn("p\(number)", password: right).status == 200)
            }
            #expect(try await register(browser, "accent", "caf\u{E9} au lait fort") == 201)
            #expect(try await browser.another().signIn("accent", password: "cafe\u{301} au lait fort").status == 200)
            // The one dialect of JSON has no U+0000, so none can be in a password and end it early.
            #expect(try await register(browser, "nul", "abc\u{0}and then some more") == 400)
        }
    }

    /// One account, or none, whatever a spelling looks like; and the same on both databases.
    @Test func r022_spellingsOfAnAddressAreOneAccountOrNone() async throws {
        try await withGateway { _, browser in
            #expect(try await register(browser, "kim", Browser.password) == 201)
            let spellings = [
                ("\u{212A}im@example.org", 409), ("KIM@EXAMPLE.ORG", 409), ("kim@example.org ", 409), ("\u{A0}kim@example.org", 409),
                ("kim@example.org.", 422),
                ("kim@example..org", 422), ("kim @example.org", 422), ("kim\u{200B}@example.org", 422), ("kim\u{AD}@example.org", 422),
                ("kim\u{0}@example.org", 400),
            ]
            for (email, status) in spellings {
                let body: JSONValue = ["email": .string(email), "name": "Kim", "password": .string(Browser.password)]
                let answer = try await browser.another().send(.post, "/api/auth/register", body)
                #expect(answer.status == status, "\(email.unicodeScalars.map(\.value))")
            }
        }
    }

    @Test(arguments: Driver.all) func r019_aHashThatWasTamperedWithLetsNobodyIn(on driver: Driver) async throws {
        try await withDatabase(on: driver) { database in
            let gateway = try await GatewayFixture(database)
            try await gateway.browse { browser in
                _ = try await browser.another().register("ann")
                _ = try await browser.another().register("bob")
                let bomb = "$argon2id$v=19$m=4194304,t=2,p=1$c2FsdHNhbHRzYWx0c2FsdA$aGFzaGhhc2hoYXNoaGFzaGhhc2hoYXNoaGFzaGhhc2g"
                try await database.write { _ = try $0.execute("UPDATE users SET password_hash = \(bomb) WHERE email = 'ann@example.org'") }
                let answer = try await browser.another().signIn("ann")
                #expect(answer.status == 500)
                #expect(!answer.text.contains("argon") && answer.cookies.isEmpty)
                #expect(gateway.log.text.contains("request failed"))
                #expect(try await browser.another().signIn("bob").status == 200)
            }
        }
    }

    /// The fastest of several, and no more than roughly: what is measured is the work, not what else the machine does.
    /// `aRefusedSignInDoesNotSayWhy` looks at the answers.
    @Test func r024_everyRefusalTakesTheSameWork() async throws {
        try await withDatabase { database in
            let gateway = try await GatewayFixture(database, cost: Argon2id(kibibytes: 16_384, passes: 2))
            let fastest = try await gateway.browse { browser in
                for name in ["ann", "off"] { _ = try await browser.another().register(name) }
                let off = try #require(try await gateway.users.account("off@example.org")).user
                try await gateway.users.disable(off.id)
                _ = try await gateway.users.local()
                let attempts = [
                    ("ann@example.org", "another long password"), ("nobody@example.org", Browser.password), ("not an address", Browser.password),
                    ("local", Browser.password), ("off@example.org", Browser.password),
                ]
                var fastest: [String: Duration] = [:]
                for _ in 0..<8 {
                    for (email, password) in attempts {
                        let body: JSONValue = ["email": .string(email), "password": .string(password)]
                        let time = try await ContinuousClock().measure {
                            let answer = try await browser.another().send(.post, "/api/auth/login", body)
                            #expect(answer.status == 401)
                        }
                        fastest[email] = min(fastest[email] ?? time, time)
                    }
                }
                return fastest
            }
            let known = try #require(fastest["ann@example.org"])
            for (email, time) in fastest { #expect(time > known / 5 && time < known * 5, "\(email): \(time) against \(known)") }
        }
    }

    @Test(arguments: Driver.all) func r025_aHashOfALowerCostIsRenewedAtSignIn(on driver: Driver) async throws {
        try await withDatabase(on: driver) { database in
            try await GatewayFixture(database).browse { browser in _ = try await browser.register("ann") }
            let gateway = try await GatewayFixture(database, cost: Argon2id(kibibytes: 16, passes: 2))
            try await gateway.browse { browser in
                let email = try EmailAddress.of("ann")
                func hash() async throws -> String { try #require(try await gateway.users.credentials(email: email)?.passwordHash) }
                let old = try await hash()
                #expect(old.contains("$m=8,t=1,p=1$"))
                #expect(try await browser.another().signIn("ann", password: "another long password").status == 401)
                #expect(try await hash() == old)
                #expect(try await browser.another().signIn("ann").status == 200)
                let new = try await hash()
                #expect(new.contains("$m=16,t=2,p=1$"))
                #expect(try await browser.another().signIn("ann").status == 200)
                #expect(try await hash() == new)
                // Whoever changed the password meanwhile wins.
                let ann = try #require(try await gateway.users.account("ann@example.org")).user
                #expect(try await !gateway.users.replacePasswordHash(old, with: "late", of: ann.id))
                #expect(try await hash() == new)
            }
        }
    }

    @Test func aHashOfAHigherCostStays() async throws {
        try await withDatabase { database in
            try await GatewayFixture(database, cost: Argon2id(kibibytes: 32, passes: 2)).browse { browser in _ = try await browser.register("ann") }
            let gateway = try await GatewayFixture(database)
            let answer = try await gateway.browse { browser in try await browser.signIn("ann") }
            #expect(answer.status == 200)
            #expect(try await gateway.users.credentials(email: .of("ann"))?.passwordHash?.contains("$m=32,t=2,p=1$") == true)
        }
    }
}
