import DatabaseFixtures
import Persistence
import Testing

@Suite struct APITokenStoreTests {
    @Test(arguments: Driver.all) func aTokenIsFoundByItsHashUntilItIsRevoked(on driver: Driver) async throws {
        try await withStores(on: driver) { stores, ada, clock in
            let adaSession = try await stores.sessions.open(user: ada.id)
            let bob = try await stores.users.create(email: .of("bob"), name: "Bob", passwordHash: "h")
            let bobSession = try await stores.sessions.open(user: bob.id)
            let token = try await stores.tokens.create("Phone", scopes: [.writeTodos, .chat], hash: "h1", user: ada.id, session: adaSession.id)
            let other = try await stores.tokens.create(
                "Phone", scopes: [.chat], hash: "h2", lifetime: .seconds(60), user: bob.id, session: bobSession.id)
            #expect(token.createdAt == clock.now && token.lastUsedAt == nil && token.expiresAt == nil)
            let found = try #require(try await stores.tokens.find(hash: "h1"))
            #expect(found.token == token && found.user == ada)
            #expect(try await stores.tokens.find(hash: "H1") == nil)
            #expect(try await stores.tokens.list(user: ada.id) == [token])
            #expect(try await stores.tokens.revoke(token.id, user: bob.id) == nil)
            #expect(try await stores.tokens.live(among: [token.id, other.id, "x"]) == [token.id, other.id])
            #expect(try await stores.tokens.revoke(token.id, user: ada.id) == "h1")
            #expect(try await stores.tokens.revoke(token.id, user: ada.id) == nil)
            #expect(try await stores.tokens.find(hash: "h1") == nil)
            #expect(try await stores.tokens.live(among: [token.id, other.id]) == [other.id])
        }
    }

    ///
    @Test(arguments: Driver.all) func r015_theTokensOfADisabledAccountAreRefusedAndThoseOfAResetOneRevoked(on driver: Driver) async throws {
        try await withStores(on: driver) { stores, ada, clock in
            let adaSession = try await stores.sessions.open(user: ada.id)
            let token = try await stores.tokens.create("Phone", scopes: [.chat], hash: "h1", user: ada.id, session: adaSession.id)
            try await stores.users.disable(ada.id)
            #expect(try await stores.tokens.find(hash: "h1") == nil)
            #expect(try await stores.tokens.live(among: [token.id]).isEmpty)
            await #expect(throws: StoreError.noSuchOwner) {
                try await stores.tokens.create("x", scopes: [.chat], hash: "h2", user: ada.id, session: adaSession.id)
            }
            try await stores.users.enable(ada.id)
            #expect(try await stores.tokens.find(hash: "h1")?.token == token)
            #expect(try await stores.sessions.open(with: Credentials(user: ada, passwordHash: "h"), newPasswordHash: "new") != nil)
            #expect(try await stores.tokens.find(hash: "h1")?.token == token)
            try await stores.users.setOneTimePasswordHash("once", of: ada.id, until: clock.now.adding(.seconds(60)))
            #expect(try await stores.tokens.list(user: ada.id).isEmpty)
        }
    }

    @Test(arguments: Driver.all) func aTokenExpiresAndIsDeletedLater(on driver: Driver) async throws {
        try await withStores(on: driver) { stores, ada, clock in
            let adaSession = try await stores.sessions.open(user: ada.id)
            let token = try await stores.tokens.create(
                "Phone", scopes: [.chat], hash: "h1", lifetime: .seconds(60), user: ada.id, session: adaSession.id)
            #expect(token.expiresAt == clock.now.adding(.seconds(60)))
            clock.advance(by: .milliseconds(59_999))
            #expect(try await stores.tokens.find(hash: "h1")?.token == token)
            clock.advance(by: .milliseconds(1))
            #expect(try await stores.tokens.find(hash: "h1") == nil)
            #expect(try await stores.tokens.live(among: [token.id]).isEmpty)
            #expect(try await stores.tokens.list(user: ada.id) == [token])
            #expect(try await stores.tokens.prune(expiredBefore: clock.now) == 0)
            #expect(try await stores.tokens.prune(expiredBefore: clock.now.adding(.milliseconds(1))) == 1)
            #expect(try await stores.tokens.list(user: ada.id).isEmpty)
        }
    }

    @Test(arguments: Driver.all) func ofTokensThatAreAskedForTogetherOnlySoManyAreMade(on driver: Driver) async throws {
        try await withStores(on: driver) { stores, ada, clock in
            let adaSession = try await stores.sessions.open(user: ada.id)
            _ = try await stores.tokens.create("Old", scopes: [.chat], hash: "old", lifetime: .seconds(1), user: ada.id, session: adaSession.id)
            clock.advance(by: .seconds(2))
            for number in 0..<45 {
                _ = try await stores.tokens.create("\(number)", scopes: [.chat], hash: "\(number)", user: ada.id, session: adaSession.id)
            }
            let outcomes = await withTaskGroup(of: Bool.self) { group in
                for number in 45..<60 {
                    group.addTask {
                        do {
                            _ = try await stores.tokens.create("\(number)", scopes: [.chat], hash: "\(number)", user: ada.id, session: adaSession.id)
                            return true
                        } catch { return error as? APITokenError != .tooMany(50) }
                    }
                }
                return await group.reduce(into: []) { $0.append($1) }
            }
            #expect(outcomes.count { $0 } == 5)
            #expect(try await stores.tokens.list(user: ada.id).count == 51)
        }
    }

    @Test(arguments: Driver.all) func aUseIsNotedOnceAMinute(on driver: Driver) async throws {
        try await withStores(on: driver) { stores, ada, clock in
            let adaSession = try await stores.sessions.open(user: ada.id)
            let token = try await stores.tokens.create("Phone", scopes: [.chat], hash: "h1", user: ada.id, session: adaSession.id)
            var noted: [Int] = []
            for _ in 0..<5 {
                noted.append(try await stores.tokens.noteUse(of: [token.id, "gone"]))
                clock.advance(by: .seconds(30))
            }
            #expect(noted == [1, 0, 1, 0, 1])
            #expect(try await stores.tokens.list(user: ada.id).first?.lastUsedAt == clock.now.adding(.seconds(-30)))
        }
    }
}
