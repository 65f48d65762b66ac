import AgentRuntime
import AgentTesting
import DatabaseFixtures
import HTTPTypes
import Persistence
import Testing

@testable import Gateway

/// Text that means something to a database, to a parser or to a terminal, in every field that takes text.
@Suite struct HostileTextTests {
    private static let texts = [
        "' OR 1=1--", "' OR '1'='1", "\" OR \"\"=\"", "'; DROP TABLE todos;--", ";DROP TABLE users", "') OR ('x'='x", "1; SELECT pg_sleep(10)--",
        "' || pg_sleep(10) || '", "randomblob(1000000000)", "' AND randomblob(1000000000)--", "%", "_", "\\", "%%", "_%_", "!", "!%", "\\'", "\\\\",
        "$1", "$2", "?", "?1", ":id", "@p1", "#{1}", "${1}", "{{user.name}}", "<%= 1 %>", "--", "/*", "*/", "/**/", "#", "\"", "`", "``", "''", "'",
        "NULL", "null", "nil", "undefined", "true", "0", "-1", "1e309", "NaN", "’", "＇", "ʼ", "\u{2018}x\u{2019}", "\u{202E}abc", "a\u{FEFF}b",
        "a\u{200D}b",
        "\u{1F468}\u{200D}\u{1F469}", "é", "e\u{301}", "İ", "ß", "ﬁ", "Ǆ", "\u{FFFD}", "<script>alert(1)</script>", "[x](javascript:alert(1))",
        "\u{7F}", "a\u{85}b", "a\u{2028}b", "a\tb", "COPY t FROM PROGRAM 'id'", "x' UNION SELECT password_hash FROM users--", "LIKE '%'",
        "ESCAPE '!'",
    ]

    @Test(arguments: Driver.all) func r054_textIsDataInEveryField(on driver: Driver) async throws {
        try await withChat(on: driver, ScriptedModel([.text("Hello")])) { fixture, ada in
            let conversation = try #require(try await ada.chat("Hello").first?["conversation_id"]?.string)
            for (number, text) in Self.texts.enumerated() {
                let start = ContinuousClock.now
                let sent = JSONValue.string(text)
                let answer = try await ada.send(.post, "/api/todos", ["title": sent, "notes": sent])
                #expect(answer.status == 201, "\(text)")
                #expect(answer.json["title"]?.string.map { Array($0.utf8) } == Array(text.utf8))
                #expect(try await ada.send(.get, "/api/todos/\(answer.json["id"]?.integer ?? 0)").json == answer.json)
                for path in ["todos", "conversations"] {
                    let found = try await ada.send(.get, "/api/\(path)?q=\(text.percentEncoded)")
                    #expect(found.status == 200 && found.json["data"]?.array != nil, "\(path): \(text)")
                    let titles = found.json["data"]?.array?.compactMap { $0["title"]?.string } ?? []
                    if path == "todos" { #expect(titles.contains { $0.utf8.elementsEqual(text.utf8) }, "\(text)") }
                }
                for query in number % 8 == 0 ? ["status=", "after=", "limit="] : [] {
                    #expect(try await ada.send(.get, "/api/todos?\(query)\(text.percentEncoded)").status != 500, "\(query)\(text)")
                }
                let renamed = try await ada.send(.patch, "/api/conversations/\(conversation)", ["title": sent])
                #expect(renamed.status == 200 && renamed.json["title"]?.string.map { Array($0.utf8) } == Array(text.utf8), "\(text)")
                #expect([404, 200].contains(try await ada.status(.get, "/api/conversations/\(text.percentEncoded)")))
                #expect(ContinuousClock.now - start < .seconds(10))
            }
            #expect(try await ada.send(.get, "/api/conversations").json["data"]?.array?.count == 1)
            let count = try await fixture.database.read { try $0.one("SELECT COUNT(*) AS count FROM todos")?.int("count") }
            #expect(count == Self.texts.count)
            #expect(try await fixture.gateway.users.accounts().count == 1)
        }
    }

    /// Over 10,000 rows a search that almost matches everywhere costs about what any other does, and a longer one is refused.
    @Test(arguments: Driver.all) func r055_noSearchBlowsUp(on driver: Driver) async throws {
        try await withDatabase(on: driver) { database in
            let gateway = try await GatewayFixture(database)
            try await gateway.browse { browser in
                _ = try await browser.register("ann")
                let ann = try #require(try await gateway.users.account("ann@example.org")).user
                let title = String(repeating: "a%_", count: 66)
                try await database.write { transaction in
                    _ = try transaction.execute(
                        """
                        WITH RECURSIVE n (number) AS (SELECT 1 UNION ALL SELECT number + 1 FROM n WHERE number < 10000)
                        INSERT INTO todos (owner, number, title, completed, folded, created_at, updated_at)
                        SELECT \(ann.id), number, \(title), 0, \(title), 0, 0 FROM n
                        """
                    )
                }
                let patterns = ["zzz"] + ["%_", "a%_", "_ ", "% _ ", "!%"].map { String((String(repeating: $0, count: 200) + "z").suffix(200)) }
                var fastest: [Duration] = []
                for pattern in patterns {
                    var times: [Duration] = []
                    for _ in 0..<5 {
                        let start = ContinuousClock.now
                        let answer = try await browser.send(.get, "/api/todos?q=\(pattern.percentEncoded)")
                        times.append(ContinuousClock.now - start)
                        #expect(answer.json["data"]?.array == [])
                    }
                    fastest.append(times.min() ?? .zero)
                }
                for time in fastest { #expect(time < fastest[0] * 5 + .milliseconds(20), "\(fastest)") }
                let long = String(repeating: "%_", count: 5_000)
                #expect(try await browser.send(.get, "/api/todos?q=\(long.percentEncoded)").status == 422)
            }
        }
    }

    /// R-059: refused before anybody counts what looks like one character.
    @Test func r059_oneCharacterOfAMegabyteIsRefusedAtOnce() async throws {
        try await withGateway { _, browser in
            _ = try await browser.register("ann")
            for (count, status) in [(7_000, 422), (500_000, 413)] {
                let title = "e" + String(repeating: "\u{301}", count: count)
                #expect(try await browser.send(.post, "/api/todos", ["title": .string(title)]).status == status)
                #expect(try await browser.send(.patch, "/api/todos/1", ["notes": .string(title)]).status == status)
            }
            #expect(try await browser.send(.get, "/api/todos").json["data"] == [])
        }
    }

    @Test func r060_anOddQueryIsMalformed() async throws {
        try await withGateway { _, browser in
            _ = try await browser.register("ann")
            for query in ["q=%", "q=%f", "q=%zz", "q=%ff", "q=%00", "%00=1", "q=%C0%AF"] {
                #expect(try await browser.status(.get, "/api/todos?\(query)") == 400, "\(query)")
            }
            #expect(try await browser.status(.get, "/api/todos?q=" + String(repeating: "a", count: 100_000)) == 422)
            #expect(try await browser.status(.get, "/api/todos?" + String(repeating: "&", count: 100_000)) == 200)
        }
    }
}

extension String {
    fileprivate var percentEncoded: String {
        let digits = Array("0123456789ABCDEF")
        return utf8.map { "%\(digits[Int($0 >> 4)])\(digits[Int($0 & 15)])" }.joined()
    }
}
