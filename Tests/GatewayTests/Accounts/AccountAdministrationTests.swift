import AgentRuntime
import DatabaseFixtures
import HTTPTypes
import Persistence
import Testing

@testable import Gateway

@Suite struct AccountAdministrationTests {
    @Test func anAccountThatAnOperatorMadeSignsIn() async throws {
        try await withAdministration { accounts, _, browser in
            let user = try await accounts.add("Ann@Example.org", name: nil, password: Browser.password)
            #expect((user.email, user.name) == ("ann@example.org", "ann"))
            #expect(try await browser.signIn("ann").status == 200)
            #expect(try await accounts.list().map(\.user.email) == ["ann@example.org"])
            await #expect(throws: AccountError.invalid("ann@example.org already has an account.")) {
                try await accounts.add("ann@example.org", name: "Ann", password: Browser.password)
            }
        }
    }

    @Test(arguments: [
        ("nobody", "Ann", Browser.password), ("ann@example.org", "  ", Browser.password), ("ann@example.org", "An\nn", Browser.password),
        ("ann@example.org", "Ann", "short"), ("ann@example.org", "Ann", "password123password"), ("ann@example.org", "Ann", "ann@example.org"),
    ])
    func theRulesOfRegistrationHoldForOperatorsToo(email: String, name: String, password: String) async throws {
        try await withAdministration { accounts, _, _ in
            await #expect { try await accounts.add(email, name: name, password: password) } throws: {
                if case AccountError.invalid = $0 { true } else { false }
            }
            let made = try await accounts.list()
            #expect(made.isEmpty)
        }
    }

    @Test func aOneTimePasswordLetsNobodyInUntilItIsExchanged() async throws {
        try await withAdministration { accounts, _, browser in
            let (_, password) = try await accounts.add("ann@example.org", name: "Ann")
            let asked = try await browser.signIn("ann", password: password)
            #expect(asked.status == 403)
            #expect(asked.json["type"] == "urn:agent:problem:new-password-needed")
            #expect(asked.faults == ["new_password"])
            #expect(asked.cookies.isEmpty)
            #expect(try await browser.signIn("ann", password: "wrong", new: Browser.password).status == 401)
            #expect(try await browser.signIn("ann", password: password, new: "short").faults == ["new_password"])
            #expect(try await browser.signIn("ann", password: password, new: password).faults == ["new_password"])
            #expect(try await browser.signIn("ann", password: password, new: Browser.password).status == 200)
            #expect(try await browser.status() == 200)
            // Once.
            #expect(try await browser.another().signIn("ann", password: password, new: "another quiet lantern").status == 401)
            #expect(try await browser.another().signIn("ann").status == 200)
        }
    }

    @Test func aNewPasswordWithAnOrdinarySignInChangesNothing() async throws {
        try await withAdministration { _, _, browser in
            _ = try await browser.register("ann")
            #expect(try await browser.another().signIn("ann", password: Browser.password, new: "another quiet lantern").status == 200)
            #expect(try await browser.another().signIn("ann").status == 200)
        }
    }

    @Test func aResetEndsEverySessionAndTheOldPassword() async throws {
        try await withAdministration { accounts, gateway, browser in
            _ = try await browser.register("ann")
            let (user, password) = try await accounts.resetPassword(of: "ANN@example.org")
            #expect(user.email == "ann@example.org")
            #expect(password.split(separator: "-").map(\.count) == [5, 5, 5, 5])
            #expect(try await browser.status(.post, "/api/auth/refresh") == 401)
            #expect(try await browser.another().signIn("ann").status == 401)
            gateway.time.advance(by: OneTimePassword.lifetime)
            #expect(try await browser.another().signIn("ann", password: password, new: Browser.password).status == 401)
            let (_, again) = try await accounts.resetPassword(of: user.id)
            #expect(again != password)
            #expect(try await browser.another().signIn("ann", password: again, new: Browser.password).status == 200)
        }
    }

    /// a disabled account answers as a wrong password does, and neither of its tokens is good.
    @Test func r015_aDisabledAccountNeitherSignsInNorRefreshes() async throws {
        try await withAdministration { accounts, _, browser in
            _ = try await browser.register("ann")
            let wrong = try await browser.another().signIn("ann", password: "not the password at all")
            #expect(try await accounts.disable("ann@example.org").email == "ann@example.org")
            let refused = try await browser.another().signIn("ann")
            #expect(refused.status == 401)
            #expect(refused.json["detail"] == wrong.json["detail"])
            #expect(try await browser.status(.post, "/api/auth/refresh") == 401)
            _ = try await accounts.enable("ann@example.org")
            #expect(try await browser.status() == 401)
            #expect(try await browser.signIn("ann").status == 200)
        }
    }

    @Test func theAccountOfTheCommandLineHasNoPassword() async throws {
        try await withAdministration { accounts, gateway, _ in
            _ = try await gateway.users.local()
            await #expect(throws: AccountError.self) { try await accounts.resetPassword(of: "local") }
            await #expect(throws: AccountError.self) { try await accounts.disable("local") }
            #expect(try await accounts.delete("local").email == "local")
            await #expect(throws: AccountError.unknown("local")) { try await accounts.delete("local") }
        }
    }

    private func withAdministration(_ body: @escaping @Sendable (AccountAdministration, GatewayFixture, Browser) async throws -> Void) async throws {
        try await withGateway { gateway, browser in
            let accounts = AccountAdministration(
                users: gateway.users, hasher: gateway.hasher, policy: PasswordPolicy(), clock: gateway.time.wall, logger: gateway.log.logger)
            try await body(accounts, gateway, browser)
        }
    }
}

extension Browser {
    fileprivate func signIn(_ name: String, password: String, new: String) async throws -> Answer {
        let fields: JSONValue = ["email": .string("\(name)@example.org"), "password": .string(password), "new_password": .string(new)]
        return try await send(.post, "/api/auth/login", fields)
    }
}
