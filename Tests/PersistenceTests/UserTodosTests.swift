import AgentRuntime
import DatabaseFixtures
import Foundation
import Persistence
import Testing

@Suite struct UserTodosTests {
    @Test(arguments: Driver.all) func aTodoComesBackAsItWasAdded(on driver: Driver) async throws {
        try await withTodos(on: driver) { todos, _, clock in
            let due = try #require(Day("2026-12-03"))
            let added = try await todos.add(title: "Buy milk", notes: "Two bottles", due: due)
            #expect(added.id == 1)
            #expect(added.createdAt == clock.now)
            #expect(!added.completed)
            #expect(try await todos.get(1) == added)
            let bare = try await todos.add(title: "Call", completed: true)
            #expect((bare.id, bare.notes, bare.due, bare.completed) == (2, nil, nil, true))
        }
    }

    @Test(arguments: Driver.all) func itsJSONHasTheDocumentedKeys(on driver: Driver) async throws {
        try await withTodos(on: driver) { todos, _, _ in
            let todo = try await todos.add(title: "Buy milk")
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys]
            let json = String(decoding: try encoder.encode(todo), as: UTF8.self)
            #expect(
                json
                    == #"{"completed":false,"created_at":"2027-01-15T08:00:00.000Z","due":null,"id":1,"notes":null,"title":"Buy milk","updated_at":"2027-01-15T08:00:00.000Z"}"#
            )
            #expect(try JSONDecoder().decode(Todo.self, from: Data(json.utf8)) == todo)
        }
    }

    @Test(arguments: Driver.all) func twoOwnersNeverSeeOrChangeEachOthersTodos(on driver: Driver) async throws {
        try await withTodos(on: driver) { ada, bob, _ in
            for title in ["one", "two", "three"] { _ = try await ada.add(title: title) }
            let own = try await bob.add(title: "mine")
            #expect(own.id == 1)
            #expect(try await bob.list().data == [own])
            await #expect(throws: TodoError.notFound(2)) { try await bob.get(2) }
            await #expect(throws: TodoError.notFound(2)) { try await bob.update(2, TodoChanges(title: "taken")) }
            await #expect(throws: TodoError.notFound(2)) { try await bob.complete(2) }
            await #expect(throws: TodoError.notFound(2)) { try await bob.delete(2) }
            #expect(try await ada.list().data.map(\.title) == ["one", "two", "three"])
        }
    }

    @Test(arguments: Driver.all) func aNumberIsNeverUsedAgain(on driver: Driver) async throws {
        try await withTodos(on: driver) { todos, _, _ in
            for title in ["one", "two"] { _ = try await todos.add(title: title) }
            try await todos.delete(2)
            #expect(try await todos.add(title: "three").id == 3)
            await #expect(throws: TodoError.notFound(2)) { try await todos.get(2) }
        }
    }

    @Test(arguments: Driver.all) func addedAtOnceEachHasItsOwnNumber(on driver: Driver) async throws {
        try await withTodos(on: driver) { todos, _, _ in
            let numbers = try await withThrowingTaskGroup(of: Int.self) { group in
                for number in 0..<60 { group.addTask { try await todos.add(title: "todo \(number)").id } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(numbers.sorted() == Array(1...60))
        }
    }

    @Test(arguments: Driver.all) func changesTouchOnlyWhatTheyName(on driver: Driver) async throws {
        try await withTodos(on: driver) { todos, _, clock in
            let due = try #require(Day("2026-12-03"))
            let added = try await todos.add(title: "Buy milk", notes: "Two", due: due)
            clock.advance(by: .seconds(1))
            let renamed = try await todos.update(1, TodoChanges(title: "Buy oat milk"))
            #expect((renamed.title, renamed.notes, renamed.due, renamed.completed) == ("Buy oat milk", "Two", due, false))
            #expect(renamed.createdAt == added.createdAt)
            #expect(renamed.updatedAt == clock.now)
            let cleared = try await todos.update(1, TodoChanges(notes: .cleared, due: .cleared, completed: true))
            #expect((cleared.notes, cleared.due, cleared.completed) == (nil, nil, true))
            let later = try #require(Day("2027-01-01"))
            let set = try await todos.update(1, TodoChanges(notes: .set("Three"), due: .set(later), completed: false))
            #expect((set.notes, set.due, set.completed) == ("Three", later, false))
            #expect(try await todos.get(1) == set)
        }
    }

    @Test(arguments: Driver.all) func anotherSpellingOfTheSameLettersIsAChange(on driver: Driver) async throws {
        try await withTodos(on: driver) { todos, _, _ in
            _ = try await todos.add(title: "caf\u{E9}")
            let changed = try await todos.update(1, TodoChanges(title: "cafe\u{301}"))
            #expect(Array(changed.title.utf8) == Array("cafe\u{301}".utf8))
        }
    }

    @Test(arguments: Driver.all) func completingTwiceChangesNothingTheSecondTime(on driver: Driver) async throws {
        try await withTodos(on: driver) { todos, _, clock in
            _ = try await todos.add(title: "Buy milk")
            clock.advance(by: .seconds(1))
            let done = try await todos.complete(1)
            clock.advance(by: .seconds(1))
            #expect(try await todos.complete(1) == done)
            let open = try await todos.reopen(1)
            #expect(!open.completed)
            #expect(open.updatedAt == clock.now)
        }
    }

    @Test(arguments: Driver.all) func listsAreFilteredAndGoOnWhereTheyEnded(on driver: Driver) async throws {
        try await withTodos(on: driver) { todos, _, _ in
            for number in 1...5 { _ = try await todos.add(title: "todo \(number)") }
            _ = try await todos.complete(2)
            #expect(try await todos.list(status: .open).data.map(\.id) == [1, 3, 4, 5])
            #expect(try await todos.list(status: .completed).data.map(\.id) == [2])
            let first = try await todos.list(limit: 2)
            #expect(first.data.map(\.id) == [1, 2])
            #expect((first.hasMore, first.after) == (true, 2))
            let rest = try await todos.list(limit: 3, after: first.after)
            #expect(rest.data.map(\.id) == [3, 4, 5])
            #expect((rest.hasMore, rest.after) == (false, nil))
        }
    }

    @Test(arguments: Driver.all, [Int.min, -1, 0, 1, 100, 101, Int.max])
    func anyLimitAndAnyCursorIsAnswered(on driver: Driver, number: Int) async throws {
        try await withTodos(on: driver) { todos, _, _ in
            _ = try await todos.add(title: "one")
            #expect(try await todos.list(limit: number).data.count == 1)
            #expect(try await todos.list(after: number).data.count == (number < 1 ? 1 : 0))
            await #expect(throws: TodoError.self) { try await todos.get(number &+ 1_000) }
        }
    }

    @Test(arguments: Driver.all) func searchingIgnoresCaseAndAccentsAndWantsEveryWord(on driver: Driver) async throws {
        try await withTodos(on: driver) { todos, _, _ in
            _ = try await todos.add(title: "Café con LECHE")
            _ = try await todos.add(title: "Milk", notes: "for the cafe\u{301}")
            _ = try await todos.add(title: "Eggs")
            #expect(try await todos.list(query: "CAFE").data.map(\.id) == [1, 2])
            #expect(try await todos.list(query: "leche caf\u{E9}").data.map(\.id) == [1])
            #expect(try await todos.list(query: "  ").data.count == 3)
            _ = try await todos.update(3, TodoChanges(notes: .set("Cafeteria")))
            #expect(try await todos.list(query: "cafe").data.map(\.id) == [1, 2, 3])
        }
    }

    @Test(arguments: Driver.all, ["%", "_", "!", "\\", "%_%", "' OR 1=1--", "[a-z]", "*", "a!%b"])
    func charactersWithAMeaningInSQLAreData(on driver: Driver, text: String) async throws {
        try await withTodos(on: driver) { todos, bob, _ in
            _ = try await bob.add(title: text)
            _ = try await todos.add(title: "nothing of that kind")
            #expect(try await todos.list(query: text).data.isEmpty)
            let added = try await todos.add(title: "x\(text)y", notes: text)
            #expect(try await todos.list(query: text).data == [added])
            #expect(Array(added.title.utf8) == Array("x\(text)y".utf8))
        }
    }

    @Test(arguments: Driver.all) func titlesAndNotesHaveLimitsInCodePoints(on driver: Driver) async throws {
        try await withTodos(on: driver) { todos, _, _ in
            _ = try await todos.add(title: String(repeating: "\u{1F600}", count: 200), notes: String(repeating: "a", count: 2_000))
            for title in ["", " \n\t ", String(repeating: "a", count: 201), String(repeating: "e\u{301}", count: 101), "a\u{0}b"] {
                await #expect { try await todos.add(title: title) } throws: { ($0 as? TodoError)?.field == "title" }
                await #expect { try await todos.update(1, TodoChanges(title: title)) } throws: { ($0 as? TodoError)?.field == "title" }
            }
            for notes in [String(repeating: "a", count: 2_001), "a\u{0}"] {
                await #expect { try await todos.add(title: "x", notes: notes) } throws: { ($0 as? TodoError)?.field == "notes" }
                await #expect { try await todos.update(1, TodoChanges(notes: .set(notes))) } throws: { ($0 as? TodoError)?.field == "notes" }
            }
            await #expect { try await todos.list(query: String(repeating: "a", count: 201)) } throws: { ($0 as? TodoError)?.field == "query" }
            #expect(try await todos.list().data.count == 1)
        }
    }

    @Test(arguments: Driver.all) func aRepeatedCallGivesItsFirstResultAndWritesNothing(on driver: Driver) async throws {
        try await withTodos(on: driver) { todos, _, clock in
            let first = try await todos.add(title: "Buy milk", for: CallKey(run: "r", turn: 1, index: 0))
            clock.advance(by: .seconds(60))
            #expect(try await todos.add(title: "Buy milk", for: CallKey(run: "r", turn: 1, index: 0)) == first)
            #expect(try await todos.list().data == [first])
            // Another call, and another write of the same call, are new writes.
            #expect(try await todos.add(title: "Buy milk", for: CallKey(run: "r", turn: 1, index: 1)).id == 2)
            let both = CallKey(run: "r", turn: 2, index: 0)
            #expect(try await todos.add(title: "a", for: both).id == 3)
            #expect(try await todos.add(title: "a", for: both).id == 4)
        }
    }

    @Test(arguments: Driver.all) func aRepeatedDeletionGivesTheTodoAsItWas(on driver: Driver) async throws {
        try await withTodos(on: driver) { todos, _, _ in
            let added = try await todos.add(title: "Buy milk")
            #expect(try await todos.delete(1, for: CallKey(run: "r", turn: 1, index: 0)) == added)
            #expect(try await todos.delete(1, for: CallKey(run: "r", turn: 1, index: 0)) == added)
            await #expect(throws: TodoError.notFound(1)) { try await todos.delete(1, for: CallKey(run: "r", turn: 1, index: 1)) }
        }
    }

    @Test(arguments: Driver.all) func aKeyThatIsUsedForSomethingElseIsRefusedAndNothingIsWritten(on driver: Driver) async throws {
        try await withTodos(on: driver) { todos, bob, _ in
            let key = { CallKey(run: "r", turn: 1, index: 0) }
            let first = try await todos.add(title: "Buy milk", for: key())
            let mismatch = StoreError.effectMismatch(key: "r/1/0/1")
            await #expect(throws: mismatch) { try await todos.add(title: "Buy eggs", for: key()) }
            await #expect(throws: mismatch) { try await todos.delete(1, for: key()) }
            await #expect(throws: mismatch) { try await todos.complete(1, for: key()) }
            await #expect(throws: mismatch) { try await bob.add(title: "Buy milk", for: key()) }
            #expect(try await todos.list().data == [first])
            #expect(try await bob.list().data.isEmpty)
        }
    }

    @Test(arguments: Driver.all) func aRefusedCallLeavesItsKeyFree(on driver: Driver) async throws {
        try await withTodos(on: driver) { todos, _, _ in
            await #expect(throws: TodoError.notFound(1)) { try await todos.complete(1, for: CallKey(run: "r", turn: 1, index: 0)) }
            let added = try await todos.add(title: "a", for: CallKey(run: "r", turn: 1, index: 0))
            #expect(added.id == 1)
        }
    }

    @Test(arguments: Driver.all) func twentyRequestsWithOneKeyAddOneTodo(on driver: Driver) async throws {
        try await withTodos(on: driver) { todos, bob, _ in
            let added = try await withThrowingTaskGroup(of: Todo.self) { group in
                for _ in 0..<20 { group.addTask { try await todos.add(title: "Buy milk", idempotencyKey: "k") } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(Set(added).count == 1)
            #expect(try await todos.list().data.count == 1)
            await #expect { try await todos.add(title: "Buy eggs", idempotencyKey: "k") } throws: {
                if case StoreError.effectMismatch = $0 { true } else { false }
            }
            // Keys are each person's own.
            #expect(try await bob.add(title: "Buy eggs", idempotencyKey: "k").title == "Buy eggs")
        }
    }

    @Test(arguments: Driver.all) func keysOfRequestsAreForgottenAndThoseOfRunsAreNot(on driver: Driver) async throws {
        try await withDatabase(on: driver) { database in
            let clock = ManualClock()
            let stores = Stores(database: database, clock: clock.wall)
            let user = try await stores.users.create(email: .of("ada"), name: "Ada", passwordHash: "h")
            let run = try await acceptedRun(stores, owner: user.id)
            let todos = stores.todos.todos(of: user.id, claim: run.log.claim)
            _ = try await todos.add(title: "by a run", for: CallKey(run: run.run.id, turn: 1, index: 0))
            _ = try await stores.todos.todos(of: user.id).add(title: "by a request", idempotencyKey: "k")
            #expect(try await stores.effects.prune(before: clock.now) == 0)
            clock.advance(by: .seconds(86_400))
            #expect(try await stores.effects.prune(before: clock.now) == 1)
            let kept = try await database.read { try $0.all("SELECT effect_key FROM tool_effects").map { try $0.text("effect_key") } }
            #expect(kept == ["\(run.run.id)/1/0/1"])
        }
    }

    @Test(arguments: Driver.all) func withoutAnAccountNothingIsAdded(on driver: Driver) async throws {
        try await withDatabase(on: driver) { database in
            let todos = TodoStore(database: database).todos(of: "nobody")
            await #expect(throws: StoreError.noSuchOwner) { try await todos.add(title: "Buy milk") }
            let list = try await todos.list()
            #expect(list.data.isEmpty)
        }
    }

    private func withTodos(on driver: Driver, _ body: (UserTodos, UserTodos, ManualClock) async throws -> Void) async throws {
        try await withDatabase(on: driver) { database in
            let clock = ManualClock()
            let stores = Stores(database: database, clock: clock.wall)
            let ada = try await stores.users.create(email: .of("ada"), name: "Ada", passwordHash: "h")
            let bob = try await stores.users.create(email: .of("bob"), name: "Bob", passwordHash: "h")
            try await body(stores.todos.todos(of: ada.id), stores.todos.todos(of: bob.id), clock)
        }
    }
}

extension TodoError {
    fileprivate var field: String? {
        if case .invalid(let field, _) = self { field } else { nil }
    }
}
