import DatabaseFixtures
import FoundationEssentials
import HTTPTypes
import Persistence
import Testing

@testable import Gateway

@Suite struct RefreshTests {
    /// parallel requests with one cookie all go on, with one successor.
    @Test func r027_parallelRefreshesGetTheSameSuccessor() async throws {
        try await withGateway { _, browser in
            _ = try await browser.register("ann")
            let cookies = browser.cookies
            let successors = try await withThrowingTaskGroup(of: String?.self) { group in
                for _ in 0..<50 {
                    group.addTask {
                        let tab = browser.another()
                        tab.cookies = cookies
                        let status = try await tab.status(.post, "/api/auth/refresh")
                        #expect(status == 204)
                        return tab.cookies["agent-refresh"]
                    }
                }
                return try await group.reduce(into: Set<String?>()) { $0.insert($1) }
            }
            #expect(successors.count == 1)
            #expect(successors.first??.split(separator: ".")[1] == "2")
        }
    }

    /// a lost answer may be asked for again for ten seconds: on SQLite, where the clock is the process's and can be set.
    @Test(arguments: [(9, 204), (10, 204), (11, 401)])
    func r028_r029_theGraceIsTenSeconds(seconds: Int, status: Int) async throws {
        try await withGateway(on: [.sqlite]) { gateway, browser in
            _ = try await browser.register("ann")
            let lost = browser.another()
            lost.cookies = browser.cookies
            #expect(try await browser.status(.post, "/api/auth/refresh") == 204)
            gateway.time.advance(by: .seconds(seconds))
            #expect(try await lost.status(.post, "/api/auth/refresh") == status)
            #expect(try await browser.status() == (status == 204 ? 200 : 401))
        }
    }

    /// an older generation ends the family, its access tokens too, and no other.
    @Test func r029_anOldGenerationEndsTheWholeFamily() async throws {
        try await withGateway { gateway, browser in
            _ = try await browser.register("ann")
            let phone = browser.another()
            #expect(try await phone.signIn("ann").status == 200)
            let thief = browser.another()
            thief.cookies = browser.cookies
            for _ in 0..<3 { #expect(try await browser.status(.post, "/api/auth/refresh") == 204) }
            #expect(try await browser.status() == 200)
            let answer = try await thief.send(.post, "/api/auth/refresh")
            #expect(answer.status == 401)
            #expect(answer.cookies.count == 2)
            #expect(try await browser.status() == 401)
            #expect(try await browser.status(.post, "/api/auth/refresh") == 401)
            #expect(try await phone.status() == 200)
            #expect(gateway.log.text.contains("refresh_reused"))
        }
    }

    /// whichever comes first, nothing that was handed out is good after the sign-out.
    @Test func r030_signingOutWinsOverARefreshUnderWay() async throws {
        try await withGateway { _, browser in
            _ = try await browser.register("ann")
            for _ in 0..<60 {
                let tab = browser.another()
                #expect(try await tab.signIn("ann").status == 200)
                let other = browser.another()
                other.cookies = tab.cookies
                async let refreshed = other.status(.post, "/api/auth/refresh")
                async let ended = tab.status(.post, "/api/auth/logout")
                #expect([204, 401].contains(try await refreshed))
                #expect(try await ended == 204)
                #expect(try await other.status() == 401)
                #expect(try await other.status(.post, "/api/auth/refresh") == 401)
            }
        }
    }

    /// no use keeps a session beyond its absolute lifetime.
    @Test func r031_aSessionEndsAfterThirtyDays() async throws {
        try await withGateway { gateway, browser in
            _ = try await browser.register("ann")
            for _ in 0..<29 {
                gateway.time.advance(by: .seconds(86_400))
                #expect(try await browser.status(.post, "/api/auth/refresh") == 204)
            }
            gateway.time.advance(by: .seconds(86_400 - 60))
            let answer = try await browser.send(.post, "/api/auth/refresh")
            #expect(answer.status == 204)
            #expect(answer.cookies.allSatisfy { $0.contains("Max-Age=60;") })
            gateway.time.advance(by: .seconds(91))
            #expect(try await browser.status() == 401)
            #expect(try await browser.status(.post, "/api/auth/refresh") == 401)
        }
    }

    /// what is stored cannot be presented.
    @Test func r026_noTokenIsInTheDatabase() async throws {
        try await withTemporaryFolder { folder in
            let database = try await SQLiteDatabase.open(path: folder + "/test.db")
            try await database.migrate()
            let gateway = try await GatewayFixture(database)
            let tokens = try await gateway.browse { browser in
                _ = try await browser.register("ann")
                _ = try await browser.send(.post, "/api/auth/refresh")
                return browser.cookies.values.flatMap { $0.split(separator: ".") }.filter { $0.utf8.count > 40 }
            }
            #expect(tokens.count == 4)
            for file in ["/test.db", "/test.db-wal"] {
                guard let bytes = try? Data(contentsOf: URL(filePath: folder + file)) else { continue }
                let text = String(decoding: bytes, as: Unicode.ASCII.self)
                #expect(!tokens.contains { text.contains($0) })
            }
            try await database.close()
        }
    }
}
