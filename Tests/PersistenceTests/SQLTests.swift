import AgentRuntime
import DatabaseFixtures
import Persistence
import Testing

@Suite struct SQLTests {
    @Test func interpolatedValuesAreBindsAndNeverText() throws {
        let title = "x'); DROP TABLE todos; --"
        let sql: SQL = "SELECT * FROM todos WHERE title = \(title) AND number = \(7) AND completed = \(true)"
        #expect(sql.text { _ in "?" } == "SELECT * FROM todos WHERE title = ? AND number = ? AND completed = ?")
        #expect(sql.binds == [.text(title), .integer(7), .integer(1)])
    }

    @Test func placeholdersAreNumberedAcrossComposedFragments() {
        let owner: SQL = "owner = \("u")"
        let sql: SQL = "SELECT 1 FROM todos WHERE \(owner) AND due < \(Day(year: 2026, month: 12, day: 3)) LIMIT \(Int64(5))"
        #expect(sql.text { "$\($0)" } == "SELECT 1 FROM todos WHERE owner = $1 AND due < $2 LIMIT $3")
        #expect(sql.binds == [.text("u"), .text("2026-12-03"), .integer(5)])
    }

    @Test func absentValuesAreNull() {
        let notes: String? = nil
        let present: Double? = 1.5
        let sql: SQL = "VALUES (\(notes), \(present))"
        #expect(sql.binds == [.null, .real(1.5)])
    }

    @Test func listsAndJoinsKeepTheirBinds() {
        let conditions: [SQL] = ["a = \(1)", "b = \(2)"]
        let sql: SQL = "WHERE \(SQL.joined(conditions, by: " AND ")) AND c IN (\(SQL.list(["x", "y"])))"
        #expect(sql.text { "$\($0)" } == "WHERE a = $1 AND b = $2 AND c IN ($3, $4)")
        #expect(sql.binds == [.integer(1), .integer(2), .text("x"), .text("y")])
    }

    @Test func r115_listsOfAllLengthsHaveFewTexts() {
        let texts = Set((1...512).map { length in SQL.list(Array(repeating: 7, count: length)).text { "$\($0)" } })
        #expect(texts.count == 10)
        #expect(SQL.list(["x", "y", "z"]).binds == [.text("x"), .text("y"), .text("z"), .text("z")])
        #expect(SQL.list([Int]()).binds.isEmpty)
        #expect(SQL.list(Array(repeating: 7, count: 16_385)).binds.count == 16_385)
    }

    @Test(arguments: Driver.all) func aListFindsEachOfItsValuesOnce(on driver: Driver) async throws {
        try await withDatabase(on: driver) { database in
            try await database.write { transaction in
                try transaction.execute("CREATE TABLE t (n BIGINT NOT NULL)")
                for number in 0..<40 { try transaction.execute("INSERT INTO t (n) VALUES (\(number))") }
            }
            for length in [1, 2, 3, 5, 8, 9, 31, 33, 500] {
                let found = try await database.read { transaction in
                    try transaction.all("SELECT n FROM t WHERE n IN (\(SQL.list(Array(0..<length)))) ORDER BY n").map { try $0.int("n") }
                }
                #expect(found == Array(0..<min(length, 40)))
            }
        }
    }

    @Test(arguments: Driver.all) func aRowOfAnotherKindIsAnErrorAndNotATrap(on driver: Driver) async throws {
        try await withDatabase(on: driver) { database in
            let row = try await database.read { try $0.one("SELECT 'a' AS word, 7 AS number, 1.5 AS real, NULL AS absent, 2 AS flag") }
            let found = try #require(row)
            #expect(try found.text("word") == "a")
            #expect(try found.int("number") == 7)
            #expect(try found.double("real") == 1.5)
            #expect(try found.optionalText("absent") == nil)
            #expect(throws: StoreError.unexpectedValue(column: "word")) { try found.int("word") }
            #expect(throws: StoreError.unexpectedValue(column: "number")) { try found.text("number") }
            #expect(throws: StoreError.unexpectedValue(column: "absent")) { try found.text("absent") }
            #expect(throws: StoreError.unexpectedValue(column: "flag")) { try found.bool("flag") }
            #expect(throws: StoreError.unexpectedValue(column: "word")) { try found.optionalDay("word") }
            #expect(throws: StoreError.missingColumn("gone")) { try found.text("gone") }
        }
    }

    @Test(arguments: Driver.all) func textWithNULNeverReachesTheDatabase(on driver: Driver) async throws {
        try await withDatabase(on: driver) { database in
            await #expect(throws: StoreError.textHoldsNUL) {
                try await database.read { try $0.one("SELECT \("a\u{0}b") AS word") }
            }
        }
    }

    @Test(
        arguments: Driver.all,
        [
            "' OR 1=1--", "%", "_", "\\", "; DROP TABLE users", "$1", "?1", ":id", "\u{2019}\u{2018}", "\r\n", "a\u{301}",
            "\u{1F468}\u{200D}\u{1F469}",
            "",
        ])
    func textComesBackByteForByte(on driver: Driver, text: String) async throws {
        try await withDatabase(on: driver) { database in
            let back = try await database.read { try $0.one("SELECT \(text) AS word")?.text("word") }
            #expect(back.map { Array($0.utf8) } == Array(text.utf8))
        }
    }
}
