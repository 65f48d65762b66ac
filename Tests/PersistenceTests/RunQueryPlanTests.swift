import AgentRuntime
import DatabaseFixtures
import Synchronization
import Testing

@testable import Persistence

/// What is asked every second, or for each message, must not cost more with every run that there ever was.
@Suite struct RunQueryPlanTests {
    @Test func whoLooksAfterRunsReadsOnlyThoseThatAreActive() async throws {
        try await withDatabase { database in
            let explained = ExplainedDatabase(database)
            let runs = RunStore(database: explained)
            let here = try await InstanceStore(database: database).start("here")
            _ = try await runs.abandoned(byOthersThan: here)
            _ = try await runs.quiet(of: here, since: Timestamp(milliseconds: 0))
            _ = try await runs.active(of: here)
            let plans = explained.plans.filter { $0.contains(" runs ") }
            #expect(plans.count == 3)
            #expect(plans.allSatisfy { $0.contains("USING INDEX runs_active") }, "\(plans)")
        }
    }

    @Test func aMessageIsAcceptedWithoutReadingThePersonsEarlierRuns() async throws {
        try await withDatabase { database in
            let explained = ExplainedDatabase(database)
            let stores = Stores(database: explained)
            let ada = try await Stores(database: database).users.create(email: .of("ada"), name: "Ada", passwordHash: "h")
            let (run, log) = try await acceptedRun(stores, owner: ada.id)
            try await log.append(.stopped).durable()
            _ = try await acceptedRun(stores, owner: ada.id, conversation: run.conversation)
            let plans = explained.plans
            #expect(plans.contains { $0.contains("SEARCH runs USING INDEX runs_active_of_owner") }, "\(plans)")
            #expect(!plans.contains { $0.contains("SCAN runs") || $0.contains("runs USING INDEX sqlite_autoindex_runs_3") }, "\(plans)")
        }
    }
}

/// Keeps how SQLite would carry out each statement that goes through it: https://sqlite.org/eqp.html
private final class ExplainedDatabase: Database {
    private let base: SQLiteDatabase
    private let kept = Mutex<[String]>([])

    init(_ base: SQLiteDatabase) {
        self.base = base
    }

    var plans: [String] { kept.withLock { $0 } }

    func read<T: Sendable>(_ body: @Sendable @escaping (Transaction) throws -> T) async throws -> T {
        try await base.read { [self] in try body(explaining($0)) }
    }

    func enqueue<T: Sendable>(_ body: @Sendable @escaping (Transaction) throws -> T) -> PendingWrite<T> {
        base.enqueue { [self] in try body(explaining($0)) }
    }

    private func explaining(_ transaction: Transaction) -> Transaction {
        Transaction { [self] sql in
            let steps = try transaction.all("EXPLAIN QUERY PLAN " + sql).map { try $0.text("detail") }
            kept.withLock { $0 += steps }
            let rows = try transaction.all(sql)
            let changes = try transaction.one("SELECT changes() AS changes")?.int("changes") ?? 0
            return Transaction.Answer(rows: rows, changes: changes)
        }
    }
}
