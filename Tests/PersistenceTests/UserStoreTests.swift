import DatabaseFixtures
import Persistence
import Testing

@Suite struct UserStoreTests {
    @Test(arguments: Driver.all) func anAccountIsFoundByItsAddressAndItsId(on driver: Driver) async throws {
        try await withDatabase(on: driver) { database in
            let users = UserStore(database: database)
            let ada = try await users.create(email: .of("ada"), name: "Ada", passwordHash: "hash")
            #expect(ada.email == "ada@example.org")
            #expect(try await users.user(id: ada.id) == ada)
            let credentials = try #require(try await users.credentials(email: .of("ADA")))
            #expect(credentials.user == ada)
            #expect(credentials.passwordHash == "hash")
            #expect(!credentials.isDisabled)
            #expect(try await users.credentials(email: .of("bob")) == nil)
            #expect(try await users.user(id: "nobody") == nil)
        }
    }

    @Test(arguments: Driver.all) func ofFiftyRegistrationsOfOneAddressOneWins(on driver: Driver) async throws {
        try await withDatabase(on: driver) { database in
            let users = UserStore(database: database)
            let outcomes = await withTaskGroup(of: Bool.self) { group in
                for number in 0..<50 {
                    group.addTask {
                        do {
                            _ = try await users.create(email: .of(number.isMultiple(of: 2) ? "ada" : "ADA"), name: "Ada \(number)", passwordHash: "h")
                            return true
                        } catch StoreError.emailTaken {
                            return false
                        } catch {
                            Issue.record(error)
                            return false
                        }
                    }
                }
                return await group.reduce(into: []) { $0.append($1) }
            }
            #expect(outcomes.count { $0 } == 1)
            let rows = try await database.read { try $0.all("SELECT id FROM users") }
            #expect(rows.count == 1)
        }
    }

    @Test(arguments: Driver.all) func theLocalAccountIsMadeOnceAndCannotSignIn(on driver: Driver) async throws {
        try await withDatabase(on: driver) { database in
            let users = UserStore(database: database)
            let first = try await users.local()
            #expect(try await users.local() == first)
            let hash = try await database.read { try $0.one("SELECT password_hash FROM users WHERE id = \(first.id)")?.optionalText("password_hash") }
            #expect(hash == nil)
            #expect(EmailAddress(first.email) == nil)
        }
    }

    @Test(arguments: Driver.all) func theTimeZoneCanBeChanged(on driver: Driver) async throws {
        try await withDatabase(on: driver) { database in
            let users = UserStore(database: database)
            let ada = try await users.create(email: .of("ada"), name: "Ada", passwordHash: "old")
            try await users.setTimeZone("Europe/Berlin", of: ada.id)
            #expect(try await users.user(id: ada.id)?.timeZone == "Europe/Berlin")
            await #expect(throws: StoreError.noSuchOwner) { try await users.setTimeZone("UTC", of: "nobody") }
        }
    }

    @Test(arguments: Driver.all) func deletingAnAccountDeletesWhatBelongsToIt(on driver: Driver) async throws {
        try await withDatabase(on: driver) { database in
            let users = UserStore(database: database)
            let ada = try await users.create(email: .of("ada"), name: "Ada", passwordHash: "h")
            _ = try await SessionStore(database: database).open(user: ada.id)
            #expect(try await users.delete(ada.id))
            #expect(try await !users.delete(ada.id))
            let sessions = try await database.read { try $0.all("SELECT id FROM sessions") }
            #expect(sessions.isEmpty)
        }
    }
}
