import AgentRuntime
import AgentTesting
import DatabaseFixtures
import Persistence
import Testing
import Tools

@Suite struct TodoToolsTests {
    @Test func addingListingAndCompletingWorkThroughTheLoop() async throws {
        try await withPeople { ada, _ in
            let outputs = try await ada.outputs(
                of: ("add_todo", #"{"title":"Buy milk","due":"2026-11-24"}"#), ("add_todo", #"{"title":"Buy eggs"}"#),
                ("complete_todo", #"{"id":1}"#), ("list_todos", #"{}"#))
            #expect(outputs.map(\.status) == [.ok, .ok, .ok, .ok])
            let listed = try JSONValue(json: outputs[3].output)["data"]?.array ?? []
            #expect(listed.map { $0["title"] } == ["Buy eggs"])
            let all = try await ada.context.todos.list(status: .all).data
            #expect(all.map(\.completed) == [true, false])
            #expect(all.first?.due == Day("2026-11-24"))
        }
    }

    @Test(arguments: [
        ("add_todo", #"{"title":""}"#, "Argument 'title' of add_todo is not valid: expected a text of 1 to 200 characters, got 0 characters."),
        (
            "add_todo", #"{"title":"x","due":"tomorrow"}"#,
            "Argument 'due' of add_todo is not valid: expected a day written YYYY-MM-DD, or null, got \"tomorrow\"."
        ),
        ("add_todo", #"{}"#, "Argument 'title' of add_todo is missing: expected a text of 1 to 200 characters."),
        ("add_todo", #"{"title":"x","user_id":"b"}"#, "add_todo has no argument 'user_id'. It takes title, due, notes."),
        ("add_todo", #"{"title":"#, "The arguments are not valid JSON: send one JSON object."),
        ("complete_todo", #"{"id":99}"#, "There is no todo 99. Call list_todos for the numbers."),
        ("complete_todo", #"{"id":1e300}"#, "Argument 'id' of complete_todo is not valid: expected an integer, got a number."),
        ("update_todo", #"{"id":1}"#, "Nothing to change: give title, notes, due or clear."),
        ("update_todo", #"{"id":1,"due":"2026-01-01","clear":["due"]}"#, "'due' is set and cleared in one call: do one of them."),
    ])
    func r085_aWrongCallIsAnsweredSoThatTheModelCanRepairIt(name: String, arguments: String, answer: String) async throws {
        try await withPeople { ada, _ in
            let output = try await ada.outputs(of: (name, arguments)).first
            #expect(output?.status == .failed)
            #expect(output?.output == answer)
        }
    }

    @Test func updatingLeavesWhatIsLeftOutAndClearsWhatIsNamed() async throws {
        try await withPeople { ada, _ in
            _ = try await ada.context.todos.add(title: "Call", notes: "ask for Bob", due: Day("2026-12-01"))
            _ = try await ada.outputs(of: ("update_todo", #"{"id":1,"title":"Call Bob","clear":["due"]}"#))
            let todo = try await ada.context.todos.get(1)
            #expect(todo.title == "Call Bob")
            #expect(todo.notes == "ask for Bob")
            #expect(todo.due == nil)
        }
    }

    /// A model that obeys a hostile text and tries every way to reach somebody else's todos.
    @Test func r084_aHostileModelReachesNobodyElsesTodos() async throws {
        try await withPeople { ada, bob in
            for number in 1...3 { _ = try await bob.context.todos.add(title: "Bob's secret \(number)") }
            _ = try await ada.context.todos.add(title: "Ada's own")
            let before = try await bob.context.todos.list(status: .all).data

            let id = bob.context.user.id
            let attempts: [(String, String)] = [
                ("list_todos", #"{"status":"all"}"#),
                ("list_todos", #"{"status":"all","query":"secret"}"#),
                ("list_todos", #"{"query":"%' OR '1'='1"}"#),
                ("list_todos", #"{"user_id":"\#(id)"}"#),
                ("list_todos", #"{"owner":"\#(id)","status":"all"}"#),
                ("update_todo", #"{"id":2,"title":"Taken"}"#),
                ("complete_todo", #"{"id":3}"#),
                ("delete_todo", #"{"id":2}"#),
                ("delete_todo", #"{"id":"2 OR 1=1"}"#),
                ("delete_todo", #"{"id":-1}"#),
                ("delete_todo", #"{"id":9223372036854775807}"#),
                ("delete_todo", #"{"id":2,"user":"\#(id)"}"#),
                ("add_todo", #"{"title":"Planted","owner":"\#(id)"}"#),
                ("delete_all_todos", #"{}"#),
            ]
            var outputs: [ToolResult] = []
            for (name, arguments) in attempts { outputs += try await ada.outputs(of: (name, arguments)) }

            #expect(outputs.count == attempts.count)
            #expect(!outputs.contains { $0.output.contains("Bob's secret") })
            #expect(try await bob.context.todos.list(status: .all).data == before)
            #expect(try await ada.context.todos.list(status: .all).data.map(\.title) == ["Ada's own"])
        }
    }

    @Test func r084_noToolTakesAPersonAsAnArgument() {
        for tool in ToolModules.all.flatMap({ $0.tools }) {
            let names = tool.definition.parameters["properties"]?.object?.keys.map { $0 } ?? []
            #expect(!names.contains { $0.contains("user") || $0.contains("owner") || $0.contains("tenant") || $0.contains("account") })
        }
    }
}

/// A person with a todo list, and an agent that does what a script says.
private struct Person: Sendable {
    let context: UserContext

    /// What the calls of one response were answered.
    func outputs(of calls: (name: String, arguments: String)...) async throws -> [ToolResult] {
        let items = calls.enumerated().map { Item.call($1.name, $1.arguments, id: "call_\($0)") }
        let model = ScriptedModel(.response(ModelResponse(items: items)), .text("Done."))
        let agent = Agent<UserContext>(name: "Assistant", tools: TodoTools().tools)
        let log = InMemoryRunLog(run: IdentifierGenerator().next())
        _ = try await Runner(model: model).run(agent, input: "Go", context: context, log: log)
        return log.records.compactMap { if case .toolResult(let result) = $0.event { result } else { nil } }
    }
}

private func withPeople(_ body: (_ ada: Person, _ bob: Person) async throws -> Void) async throws {
    try await withDatabase { database in
        func person(_ name: String) async throws -> Person {
            let email = try #require(EmailAddress("\(name)@example.com"))
            let user = try await UserStore(database: database).create(email: email, name: name, passwordHash: "-")
            let today = try #require(Day("2026-11-23"))
            return Person(context: UserContext(user: user, today: today, timeZone: "UTC", todos: TodoStore(database: database).todos(of: user.id)))
        }
        try await body(person("ada"), person("bob"))
    }
}
