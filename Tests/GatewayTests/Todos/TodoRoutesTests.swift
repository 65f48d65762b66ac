import AgentRuntime
import HTTPTypes
import Testing

@testable import Gateway

@Suite struct TodoRoutesTests {
    @Test func aTodoIsAddedReadChangedAndDeleted() async throws {
        try await withGateway { _, browser in
            _ = try await browser.register("ann")
            let added = try await browser.send(.post, "/api/todos", ["title": "Milk", "notes": "two", "due": "2027-01-31"])
            #expect(added.status == 201)
            #expect(added.headers[.location] == "/api/todos/1")
            #expect(added.json.object?.keys.sorted() == ["completed", "created_at", "due", "id", "notes", "title", "updated_at"])
            #expect(added.json["id"] == 1)
            #expect(added.json["completed"] == false)
            #expect(added.json["created_at"] == "2027-01-15T08:00:00.000Z")
            #expect(try await browser.send(.get, "/api/todos/1").json == added.json)
            let done = try await browser.send(.patch, "/api/todos/1", ["completed": true, "title": "Oat milk"])
            #expect(done.status == 200)
            #expect(done.json["completed"] == true)
            #expect(done.json["title"] == "Oat milk")
            #expect(done.json["notes"] == "two")
            #expect(try await browser.send(.delete, "/api/todos/1").status == 204)
            #expect(try await browser.status(.get, "/api/todos/1") == 404)
            #expect(try await browser.status(.delete, "/api/todos/1") == 404)
            #expect(try await browser.send(.post, "/api/todos", ["title": "Eggs"]).json["id"] == 2)
        }
    }

    @Test func absentLeavesAndNullClears() async throws {
        try await withGateway { _, browser in
            _ = try await browser.register("ann")
            _ = try await browser.send(.post, "/api/todos", ["title": "Milk", "notes": "two", "due": "2027-01-31"])
            #expect(try await browser.send(.patch, "/api/todos/1", [:]).json["due"] == "2027-01-31")
            let cleared = try await browser.send(.patch, "/api/todos/1", ["due": nil, "notes": nil])
            #expect(cleared.json["due"] == .null)
            #expect(cleared.json["notes"] == .null)
            for field in ["title", "completed"] {
                let answer = try await browser.send(.patch, "/api/todos/1", .object([field: .null]))
                #expect(answer.status == 422)
                #expect(answer.faults == [field])
            }
        }
    }

    /// R-052, R-057, R-058: refused, named, and the process lives.
    @Test func r052_r057_r058_aBadFieldIsNamed() async throws {
        let cases: [(String, JSONValue)] = [
            ("title", JSONValue.string("")), ("title", " \u{A0}\n"), ("title", .string(String(repeating: "x", count: 201))), ("title", 5),
            ("title", nil),
            ("notes", .string(String(repeating: "x", count: 2_001))), ("notes", .array([])), ("due", "2027-02-29"), ("due", "0000-01-01"),
            ("due", "10000-01-01"),
            ("due", "-001-01-01"), ("due", "2027-1-1"), ("due", "2027-01-01T24:00"), ("due", "2027-01-01+99:99"), ("due", ""), ("due", 20_270_101),
            ("due", 1e300),
            ("due", "٢٠٢٧-٠١-٠١"), ("completed", "true"), ("completed", 1), ("id", 7), ("owner", "bob"), ("created_at", "2027-01-01"),
            ("priority", 9e18),
        ]
        try await withGateway { _, browser in
            _ = try await browser.register("ann")
            for (field, value) in cases {
                var members: [String: JSONValue] = ["title": "Milk"]
                members[field] = value
                let answer = try await browser.send(.post, "/api/todos", .object(members))
                #expect(answer.status == 422, "\(field)")
                #expect(answer.faults == [field], "\(field)")
                #expect(try await browser.send(.get, "/api/todos").json["data"]?.array == [], "\(field)")
            }
        }
    }

    /// R-059: a character is a code point.
    @Test func r059_lengthIsCountedInCodePoints() async throws {
        try await withGateway { _, browser in
            _ = try await browser.register("ann")
            let family = "👩‍👩‍👧‍👦"
            #expect(family.unicodeScalars.count == 7)
            let fits = String(repeating: family, count: 28) + "abcd"
            #expect(try await browser.send(.post, "/api/todos", ["title": .string(fits)]).json["title"]?.string == fits)
            #expect(try await browser.send(.post, "/api/todos", ["title": .string(fits + "e")]).status == 422)
            #expect(try await browser.send(.post, "/api/todos", ["title": .string("e" + String(repeating: "\u{301}", count: 4_000))]).status == 422)
        }
    }

    @Test func aListHasParts() async throws {
        try await withGateway { _, browser in
            _ = try await browser.register("ann")
            for title in ["Milk", "Eggs", "Bread"] { _ = try await browser.send(.post, "/api/todos", ["title": .string(title)]) }
            _ = try await browser.send(.patch, "/api/todos/2", ["completed": true])
            let first = try await browser.send(.get, "/api/todos?limit=2").json
            #expect(first["data"]?.array?.compactMap { $0["id"]?.integer } == [1, 2])
            #expect(first["has_more"] == true)
            let rest = try await browser.send(.get, "/api/todos?limit=2&after=\(first["after"]?.integer ?? 0)").json
            #expect(rest["data"]?.array?.compactMap { $0["id"]?.integer } == [3])
            #expect(rest["has_more"] == false)
            #expect(rest["after"] == nil)
            #expect(try await browser.send(.get, "/api/todos?status=completed").json["data"]?.array?.count == 1)
            #expect(try await browser.send(.get, "/api/todos?status=open&q=BREAD").json["data"]?.array?.first?["title"] == "Bread")
            #expect(try await browser.send(.get, "/api/todos?limit=101").status == 200)
            for query in [
                "limit=0", "limit=x", "limit=-1", "status=done", "after=x", "q=" + String(repeating: "x", count: 201), "sort=title",
                "limit=1&limit=1",
            ] {
                let answer = try await browser.send(.get, "/api/todos?\(query)")
                #expect(answer.status == 422)
                #expect(answer.faults.count == 1)
            }
        }
    }

    /// R-050, R-051: somebody else's todo is as absent as one that nobody has.
    @Test func r050_r051_nobodyReachesSomebodyElsesTodos() async throws {
        try await withGateway { _, browser in
            _ = try await browser.register("ann")
            for title in ["Milk", "Eggs"] { _ = try await browser.send(.post, "/api/todos", ["title": .string(title)]) }
            let bob = browser.another()
            _ = try await bob.register("bob")
            _ = try await bob.send(.post, "/api/todos", ["title": "Bread"])
            #expect(try await bob.send(.get, "/api/todos").json["data"]?.array?.count == 1)
            for (method, body) in [(HTTPRequest.Method.get, JSONValue?.none), (.patch, ["title": "Mine"]), (.delete, nil)] {
                let foreign = try await bob.send(method, "/api/todos/2", body)
                let absent = try await bob.send(method, "/api/todos/99", body)
                #expect(foreign.status == 404)
                #expect(foreign.withoutInstance == absent.withoutInstance)
            }
            #expect(try await browser.send(.get, "/api/todos/2").json["title"] == "Eggs")
        }
    }

    /// R-057.
    @Test func r057_anImpossibleNumberIsNotFound() async throws {
        let cases: [String] = [
            "0", "-1", "01", "+1", "1.0", "1e0", "x", "9223372036854775807", "9223372036854775808", "-9223372036854775808", "%31", "١",
        ]
        try await withGateway { _, browser in
            _ = try await browser.register("ann")
            for number in cases {
                _ = try await browser.send(.post, "/api/todos", ["title": "Milk"])
                #expect(try await browser.status(.get, "/api/todos/\(number)") == 404, "\(number)")
                #expect(try await browser.status(.delete, "/api/todos/\(number)") == 404, "\(number)")
            }
        }
    }

    /// R-061.
    @Test func r061_aKeyAddsOneTodo() async throws {
        try await withGateway { _, browser in
            _ = try await browser.register("ann")
            let key: HTTPFields = [.idempotencyKey: "k-1"]
            let answers = try await withThrowingTaskGroup(of: Answer.self) { group in
                for _ in 0..<20 { group.addTask { try await browser.send(.post, "/api/todos", ["title": "Milk"], key) } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            let added = answers.filter { $0.status == 201 }
            #expect(Set(added.map(\.text)).count == 1)
            // While the first is under way the others are told to come again.
            #expect(answers.allSatisfy { [201, 409].contains($0.status) })
            #expect(try await browser.send(.post, "/api/todos", ["title": "Milk"], key).text == added.first?.text)
            #expect(try await browser.send(.get, "/api/todos").json["data"]?.array?.count == 1)
            #expect(try await browser.send(.post, "/api/todos", ["title": "Eggs"], key).status == 422)
            let bob = browser.another()
            _ = try await bob.register("bob")
            #expect(try await bob.send(.post, "/api/todos", ["title": "Bread"], key).json["title"] == "Bread")
            for bad in ["", "two words", String(repeating: "x", count: 256), "é"] {
                #expect(try await browser.send(.post, "/api/todos", ["title": "Milk"], [.idempotencyKey: bad]).status == 400, "\(bad)")
            }
        }
    }
}
