import AgentRuntime
import HTTPTypes
import Persistence
import Testing

@testable import Gateway

@Suite struct RegistrationTests {
    private func fields(_ email: String = "ann@example.org", name: String = "Ann", password: String = Browser.password) -> JSONValue {
        ["email": .string(email), "name": .string(name), "password": .string(password)]
    }

    @Test func aBadFieldIsNamed() async throws {
        let cases: [(String, JSONValue)] = [
            ("email", JSONValue.string("nobody")), ("email", "a@b@c"), ("email", ""), ("email", 1), ("email", nil), ("name", ""), ("name", "  \t"),
            ("name", .string(String(repeating: "x", count: 101))), ("name", "two\nlines"), ("name", .array([])), ("password", "short"),
            ("password", .string(String(repeating: "x", count: 1_025))), ("password", "password1234"), ("password", nil), ("password", true),
        ]
        try await withGateway { _, browser in
            for (field, value) in cases {
                var members = fields().object ?? [:]
                members[field] = value
                let answer = try await browser.send(.post, "/api/auth/register", .object(members))
                #expect(answer.status == 422, "\(field)")
                #expect(answer.faults == [field], "\(field)")
                #expect(answer.json["errors"]?.array?.first?["message"]?.string?.isEmpty == false, "\(field)")
                #expect(answer.cookies.isEmpty, "\(field)")
            }
        }
    }

    @Test func everyBadFieldIsNamedAtOnce() async throws {
        try await withGateway { _, browser in
            let answer = try await browser.send(.post, "/api/auth/register", ["email": "x", "name": "", "role": "admin", "id": 1])
            #expect(answer.status == 422)
            #expect(answer.faults.sorted() == ["email", "id", "name", "password", "role"])
        }
    }

    ///
    @Test(arguments: ["ann@example.org", "ANN@Example.ORG", " ann@example.org ", "\u{C1}nn@example.org", "A\u{301}nn@example.org"])
    func r022_anAddressHasOneAccount(again: String) async throws {
        try await withGateway { _, browser in
            let first = again.unicodeScalars.contains { !$0.isASCII } ? "\u{E1}nn@example.org" : "ann@example.org"
            #expect(try await browser.another().send(.post, "/api/auth/register", fields(first)).status == 201)
            let answer = try await browser.another().send(.post, "/api/auth/register", fields(again))
            #expect(answer.status == 409)
            #expect(answer.cookies.isEmpty)
            let login: JSONValue = ["email": .string(again), "password": .string(Browser.password)]
            #expect(try await browser.another().send(.post, "/api/auth/login", login).status == 200)
        }
    }

    ///
    @Test func r022_manyRegistrationsOfOneAddressMakeOneAccount() async throws {
        try await withGateway { _, browser in
            let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<50 {
                    group.addTask { try await browser.another().send(.post, "/api/auth/register", fields()).status }
                }
                return try await group.reduce(into: [:]) { $0[$1, default: 0] += 1 }
            }
            #expect(statuses == [201: 1, 409: 49])
        }
    }

    /// what is stored is the hash alone.
    @Test func r018_twoPeopleWithOnePasswordHaveTwoHashes() async throws {
        try await withGateway { gateway, browser in
            _ = try await browser.another().register("ann")
            _ = try await browser.another().register("bob")
            let ann = try await gateway.users.credentials(email: try #require(EmailAddress("ann@example.org")))?.passwordHash
            let bob = try await gateway.users.credentials(email: try #require(EmailAddress("bob@example.org")))?.passwordHash
            #expect(ann?.hasPrefix("$argon2id$v=19$m=") == true)
            #expect(ann != bob)
        }
    }

    @Test func theEmailAddressIsNotAPassword() async throws {
        try await withGateway { _, browser in
            let answer = try await browser.send(.post, "/api/auth/register", fields("zebulonk@example.org", password: "zebulonkzebulonk"))
            #expect(answer.status == 422)
            #expect(answer.faults == ["password"])
        }
    }
}
