import AgentRuntime
import DatabaseFixtures
import Dispatch
import HTTPTypes
import HummingbirdTesting
import Persistence
import Testing

@testable import Gateway

/// What people are told while the database cannot take writes, and that it takes them again afterwards.
@Suite struct StorageFaultTests {
    /// no lost or half request.
    @Test func r093_aDatabaseThatAnotherHoldsIsAProblemUntilItIsFree() async throws {
        try await withTemporaryFolder { folder in
            let holder = try await SQLiteDatabase.open(path: folder + "/test.db")
            try await holder.migrate()
            let database = try await SQLiteDatabase.open(path: folder + "/test.db", busyTimeout: .milliseconds(20))
            try await browse(database) { browser in
                let gate = DispatchSemaphore(value: 0)
                let held = await hold(holder, until: gate)
                let refused = try await browser.send(.post, "/api/todos", ["title": "Milk"])
                expectUnavailable(refused)
                #expect(try await browser.todos() == [])
                gate.signal()
                try await held.value
                #expect(try await browser.send(.post, "/api/todos", ["title": "Milk"]).status == 201)
                #expect(try await browser.todos() == ["Milk"])
            }
            try await database.close()
            try await holder.close()
        }
    }

    /// reads go on, and writes too as soon as there is room.
    @Test func r094_aFullDiskIsAProblemUntilThereIsRoom() async throws {
        try await withDatabase { database in
            try await browse(database) { browser in
                #expect(try await browser.send(.post, "/api/todos", ["title": "Milk"]).status == 201)
                try await limitPages(of: database, to: try await pages(of: database))
                var last = Answer(status: 201, headers: [:], text: "")
                var added = 1
                while last.status == 201, added < 2_000 {
                    last = try await browser.send(.post, "/api/todos", ["title": "\(added)", "notes": .string(String(repeating: "x", count: 2_000))])
                    if last.status == 201 { added += 1 }
                }
                expectUnavailable(last)
                #expect(try await browser.count() == added)
                try await limitPages(of: database, to: 1_000_000)
                #expect(try await browser.send(.post, "/api/todos", ["title": "Eggs"]).status == 201)
                #expect(try await browser.count() == added + 1)
            }
        }
    }

    private func browse(_ database: any Database, _ body: @escaping @Sendable (Browser) async throws -> Void) async throws {
        try await GatewayFixture(database).browse { browser in
            _ = try await browser.register("ann")
            try await body(browser)
        }
    }

    private func expectUnavailable(_ answer: Answer) {
        #expect(answer.status == 503)
        #expect(answer.headers[.contentType] == "application/problem+json")
        #expect((answer.headers[.retryAfter].flatMap { Int($0) } ?? 0) >= 1)
    }

    /// Returns when the write is under way.
    private func hold(_ database: SQLiteDatabase, until gate: DispatchSemaphore) async -> PendingWrite<Void> {
        let started = DispatchSemaphore(value: 0)
        let held = database.enqueue { _ in
            started.signal()
            gate.wait()
            gate.signal()
        }
        await withCheckedContinuation { continuation in
            DispatchQueue.global().async {
                started.wait()
                continuation.resume()
            }
        }
        return held
    }

    private func pages(of database: SQLiteDatabase) async throws -> Int {
        try await database.write { try $0.one("PRAGMA page_count")?.int("page_count") ?? 0 }
    }

    private func limitPages(of database: SQLiteDatabase, to count: Int) async throws {
        _ = try await database.write { try $0.one("PRAGMA max_page_count = \(SQL(stringLiteral: String(count)))") }
    }
}

extension Browser {
    fileprivate func todos() async throws -> [String] {
        try await send(.get, "/api/todos").json["data"]?.array?.compactMap { $0["title"]?.string } ?? []
    }

    /// Over all parts of the list.
    fileprivate func count() async throws -> Int {
        var count = 0
        var after: Int?
        repeat {
            let answer = try await send(.get, "/api/todos?limit=100" + (after.map { "&after=\($0)" } ?? "")).json
            count += answer["data"]?.array?.count ?? 0
            after = answer["after"]?.integer
        } while after != nil
        return count
    }
}
