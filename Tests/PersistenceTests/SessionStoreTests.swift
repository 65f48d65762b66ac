import DatabaseFixtures
import Persistence
import Testing

@Suite struct SessionStoreTests {
    @Test(arguments: Driver.all) func aSessionIsSignedInUntilItIsRevoked(on driver: Driver) async throws {
        try await withSessions(on: driver) { sessions, user, _ in
            let session = try await sessions.open(user: user.id, userAgent: "Firefox")
            #expect(session.counter == 1)
            let signedIn = try #require(try await sessions.signedIn(session.id))
            #expect(signedIn.session == session)
            #expect(signedIn.user == user)
            #expect(try await !sessions.revoke(session.id, user: "another"))
            #expect(try await sessions.signedIn(session.id) != nil)
            #expect(try await sessions.revoke(session.id, user: user.id))
            #expect(try await sessions.signedIn(session.id) == nil)
            #expect(try await sessions.rotate(session.id, counter: 1) == .ended)
        }
    }

    /// On SQLite, where the clock is the process's and can be set.
    @Test func r027_r028_rotationGivesTheNextGenerationAndThePreviousGetsItAgainWithinTheGrace() async throws {
        try await withSessions(on: .sqlite) { sessions, user, clock in
            let first = try await sessions.open(user: user.id)
            clock.advance(by: .seconds(60))
            guard case .rotated(let second) = try await sessions.rotate(first.id, counter: 1) else {
                Issue.record("not rotated")
                return
            }
            #expect(second.counter == 2)
            #expect(second.rotatedAt == clock.now)
            clock.advance(by: .seconds(10))
            #expect(try await sessions.rotate(first.id, counter: 1) == .grace(second))
            clock.advance(by: .milliseconds(1))
            #expect(try await sessions.rotate(first.id, counter: 1) == .reused(second))
            #expect(try await sessions.rotate(first.id, counter: 2) == .ended)
            #expect(try await sessions.signedIn(first.id) == nil)
        }
    }

    @Test func r028_replicasWhoseClocksDifferAgreeOnTheGrace() async throws {
        try await withDatabase(on: .postgres) { database in
            let user = try await UserStore(database: database).create(email: .of("ada"), name: "Ada", passwordHash: "h")
            let early = SessionStore(database: database)
            for difference in [60, -60] {
                let ahead = WallClock { WallClock.system.now.adding(.seconds(difference)) }
                let session = try await early.open(user: user.id)
                guard case .rotated(let next) = try await early.rotate(session.id, counter: 1) else {
                    Issue.record("not rotated")
                    return
                }
                let other = SessionStore(database: database, clock: ahead)
                #expect(try await other.rotate(session.id, counter: 1) == .grace(next))
                try await database.write { _ = try $0.execute("UPDATE sessions SET rotated_at = rotated_at - 10001 WHERE id = \(session.id)") }
                guard case .reused = try await other.rotate(session.id, counter: 1) else {
                    Issue.record("not noticed")
                    return
                }
            }
        }
    }

    /// A stolen token must not be good for as long as a clock was set back.
    @Test func r028_aClockThatIsSetBackProlongsNoGrace() async throws {
        try await withSessions(on: .sqlite) { sessions, user, clock in
            let session = try await sessions.open(user: user.id)
            guard case .rotated = try await sessions.rotate(session.id, counter: 1) else {
                Issue.record("not rotated")
                return
            }
            clock.advance(by: .seconds(-3_600))
            guard case .reused = try await sessions.rotate(session.id, counter: 1) else {
                Issue.record("not noticed")
                return
            }
        }
    }

    @Test(arguments: Driver.all) func r029_aGenerationOlderThanThePreviousEndsTheFamilyAtOnceAndOnlyTheFamily(on driver: Driver) async throws {
        try await withSessions(on: driver) { sessions, user, _ in
            let stolen = try await sessions.open(user: user.id)
            let other = try await sessions.open(user: user.id)
            for counter in 1...3 {
                guard case .rotated = try await sessions.rotate(stolen.id, counter: counter) else {
                    Issue.record("not rotated")
                    return
                }
            }
            guard case .reused = try await sessions.rotate(stolen.id, counter: 1) else {
                Issue.record("not noticed")
                return
            }
            #expect(try await sessions.rotate(stolen.id, counter: 4) == .ended)
            #expect(try await sessions.signedIn(stolen.id) == nil)
            #expect(try await sessions.signedIn(other.id) != nil)
        }
    }

    @Test(arguments: Driver.all) func r027_fiftyRotationsAtTwoReplicasMakeOneGeneration(on driver: Driver) async throws {
        try await withReplicas(on: driver) { replicas, user in
            let sessions = replicas[0].sessions
            let session = try await sessions.open(user: user.id)
            let outcomes = try await withThrowingTaskGroup(of: SessionRotation.self) { group in
                for number in 0..<50 { group.addTask { try await replicas[number % 2].sessions.rotate(session.id, counter: 1) } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            let rotated = outcomes.count { if case .rotated(let next) = $0 { next.counter == 2 } else { false } }
            let graced = outcomes.count { if case .grace(let next) = $0 { next.counter == 2 } else { false } }
            #expect(rotated == 1)
            #expect(graced == 49)
            #expect(try await sessions.signedIn(session.id)?.session.counter == 2)
        }
    }

    @Test(arguments: Driver.all) func r030_graceNeverRevivesARevokedSession(on driver: Driver) async throws {
        try await withReplicas(on: driver) { replicas, user in
            let sessions = replicas[0].sessions
            for _ in 0..<50 {
                let session = try await sessions.open(user: user.id)
                async let rotation = sessions.rotate(session.id, counter: 1)
                async let revocation = replicas[1].sessions.revoke(session.id, user: user.id)
                _ = try await (rotation, revocation)
                #expect(try await sessions.signedIn(session.id) == nil)
                #expect(try await sessions.rotate(session.id, counter: 1) == .ended)
                #expect(try await sessions.rotate(session.id, counter: 2) == .ended)
            }
        }
    }

    @Test(arguments: Driver.all) func r031_useProlongsASessionUpToItsAbsoluteEnd(on driver: Driver) async throws {
        try await withSessions(on: driver) { sessions, user, clock in
            let session = try await sessions.open(user: user.id)
            for counter in 1...2 {
                clock.advance(by: .seconds(13 * 86_400))
                guard case .rotated = try await sessions.rotate(session.id, counter: counter) else {
                    Issue.record("not rotated")
                    return
                }
            }
            let signedIn = try #require(try await sessions.signedIn(session.id))
            #expect(signedIn.session.idleExpiresAt == session.expiresAt)
            clock.advance(by: .seconds(4 * 86_400 - 1))
            #expect(try await sessions.signedIn(session.id) != nil)
            clock.advance(by: .seconds(1))
            #expect(try await sessions.signedIn(session.id) == nil)
            #expect(try await sessions.rotate(session.id, counter: 3) == .ended)
        }
    }

    @Test(arguments: Driver.all) func r031_anUnusedSessionEndsAfterItsIdleTime(on driver: Driver) async throws {
        try await withSessions(on: driver) { sessions, user, clock in
            let session = try await sessions.open(user: user.id)
            clock.advance(by: .seconds(14 * 86_400))
            #expect(try await sessions.signedIn(session.id) == nil)
            #expect(try await sessions.rotate(session.id, counter: 1) == .ended)
            #expect(try await sessions.list(user: user.id).isEmpty)
        }
    }

    @Test(arguments: Driver.all) func allSessionsButOneCanBeEnded(on driver: Driver) async throws {
        try await withSessions(on: driver) { sessions, user, clock in
            var opened: [String] = []
            for _ in 0..<3 {
                opened.append(try await sessions.open(user: user.id).id)
                clock.advance(by: .seconds(1))
            }
            #expect(try await sessions.list(user: user.id).map(\.id) == opened.reversed())
            #expect(try await sessions.revokeAll(user: user.id, except: opened[1]) == 2)
            #expect(try await sessions.list(user: user.id).map(\.id) == [opened[1]])
            #expect(try await sessions.revokeAll(user: user.id) == 1)
            #expect(try await sessions.prune(endedBefore: clock.now.adding(.seconds(1))) == 3)
        }
    }

    @Test(arguments: Driver.all) func r015_aDisabledAccountHasNoSessions(on driver: Driver) async throws {
        try await withDatabase(on: driver) { database in
            let user = try await UserStore(database: database).create(email: .of("ada"), name: "Ada", passwordHash: "h")
            let sessions = SessionStore(database: database)
            let session = try await sessions.open(user: user.id)
            try await database.write { try $0.execute("UPDATE users SET disabled_at = 1 WHERE id = \(user.id)") }
            #expect(try await sessions.signedIn(session.id) == nil)
            #expect(try await sessions.rotate(session.id, counter: 1) == .ended)
            await #expect(throws: StoreError.noSuchOwner) { try await sessions.open(user: user.id) }
            await #expect(throws: StoreError.noSuchOwner) { try await sessions.open(user: "nobody") }
        }
    }

    /// whatever comes first, what ends a person's access leaves no session and no token behind that began beside it.
    @Test(arguments: Driver.all) func r015_r025_nothingBeginsBesideWhatEndsIt(on driver: Driver) async throws {
        try await withReplicas(on: driver) { replicas, user in
            let (here, there) = (replicas[0], replicas[1])
            for number in 0..<25 {
                let session = try await here.sessions.open(user: user.id)
                async let opened = try? here.sessions.open(user: user.id)
                async let made = try? here.tokens.create("x", scopes: [.chat], hash: "\(number)", user: user.id, session: session.id)
                async let ended: Void = there.users.setOneTimePasswordHash("once", of: user.id, until: WallClock.system.now.adding(.seconds(60)))
                _ = try await (opened, made, ended)
                #expect(try await there.sessions.list(user: user.id).isEmpty)
                #expect(try await there.tokens.list(user: user.id).isEmpty)
                let once = Credentials(user: user, passwordHash: "once")
                let back = try #require(try await here.sessions.open(with: once, newPasswordHash: "h"))
                async let another = try? here.sessions.open(user: user.id)
                async let disabled: Void = there.users.disable(user.id)
                _ = try await (another, disabled)
                try await there.users.enable(user.id)
                #expect(try await there.sessions.list(user: user.id).isEmpty)
                await #expect(throws: StoreError.noSuchOwner) {
                    try await here.tokens.create("x", scopes: [.chat], hash: "\(number)", user: user.id, session: back.id)
                }
            }
        }
    }

    @Test(arguments: Driver.all) func aSessionEndsWithTheOneThatTakesItsPlace(on driver: Driver) async throws {
        try await withSessions(on: driver) { sessions, user, _ in
            let first = try await sessions.open(user: user.id)
            let credentials = Credentials(user: user, passwordHash: "h")
            #expect(try await sessions.open(NewSession(replacing: first.id), with: Credentials(user: user, passwordHash: "other")) == nil)
            #expect(try await sessions.signedIn(first.id) != nil)
            let second = try await sessions.open(NewSession(replacing: first.id), with: credentials)
            #expect(try await sessions.list(user: user.id).map(\.id) == [second?.id])
            await #expect(throws: StoreError.emailTaken) {
                try await sessions.open(NewSession(replacing: second?.id), registering: .of("ada"), name: "Ada", passwordHash: "h")
            }
            #expect(try await sessions.list(user: user.id).map(\.id) == [second?.id])
        }
    }

    @Test(arguments: Driver.all) func aPersonHasAHundredSessionsAndThoseThatAreNotContinuedEndFirst(on driver: Driver) async throws {
        try await withSessions(on: driver) { sessions, user, clock in
            let browser = try await sessions.open(user: user.id)
            _ = try await sessions.rotate(browser.id, counter: 1)
            let first = try await sessions.open(user: user.id)
            for _ in 2..<SessionStore.maximumCount {
                clock.advance(by: .seconds(1))
                _ = try await sessions.open(user: user.id)
            }
            #expect(try await sessions.signedIn(first.id) != nil)
            // Also by a clock that was set back, the newest stays.
            clock.advance(by: .seconds(-3_600))
            let last = try await sessions.open(user: user.id)
            #expect(try await sessions.signedIn(first.id) == nil)
            #expect(try await sessions.signedIn(browser.id) != nil)
            #expect(try await sessions.signedIn(last.id) != nil)
            #expect(try await sessions.list(user: user.id).count == SessionStore.maximumCount)
        }
    }

    private func withSessions(on driver: Driver, _ body: (SessionStore, User, ManualClock) async throws -> Void) async throws {
        try await withDatabase(on: driver) { database in
            let clock = ManualClock()
            let user = try await UserStore(database: database).create(email: .of("ada"), name: "Ada", passwordHash: "h")
            try await body(SessionStore(database: database, clock: clock.wall), user, clock)
        }
    }
}
