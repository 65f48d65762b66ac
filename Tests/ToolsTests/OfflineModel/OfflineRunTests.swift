import AgentRuntime
import DatabaseFixtures
import Persistence
import Testing
import Tools

/// The offline model in the real loop, with the real tools over a real database.
@Suite struct OfflineRunTests {
    @Test func theFirstMinuteWorks() async throws {
        try await withChat { chat in
            let added = try await chat.say("add milk and eggs for tomorrow")
            #expect(added == "Added “milk” (#1) and “eggs” (#2), both due tomorrow.")
            let left = try await chat.say("what's left?")
            #expect(left == "You have 2 open todos:\n- #1 milk, due tomorrow\n- #2 eggs, due tomorrow")
            let bought = try await chat.say("I bought the milk, what's left?")
            #expect(bought == "Marked “milk” (#1) as done.\nYou have 1 open todo:\n- #2 eggs, due tomorrow")
            let todos = try await chat.todos()
            #expect(todos.map(\.completed) == [true, false])
        }
    }

    @Test func everyToolUnderstandsItsCalls() async throws {
        try await withChat { chat in
            let messages = [
                "add milk, eggs and bread", "rename milk to oat milk", "move it to Friday", "note on 1: two liters", "note on 1: the cheap one",
                "clear the due date of bread", "clear the notes of 1", "done with eggs", "reopen 2", "finish 2 and 3", "delete bread",
                "find oat milk",
                "show completed", "is eggs done?", "clear completed", "undo",
            ]
            for message in messages {
                let answer = try await chat.say(message)
                #expect(!answer.contains("could not"), "\(message): \(answer)")
            }
            let titles = try await chat.todos().map(\.title)
            #expect(titles == ["oat milk", "eggs"])
        }
    }

    @Test func thePlannerTakesOver() async throws {
        try await withChat { chat in
            let result = try await chat.run("plan my move and add milk")
            #expect(result.lastAgent == "Planner")
            let todos = try await chat.todos()
            #expect(todos.count == 6)
            #expect(result.output.hasPrefix("I made 5 steps for “my move”"))
        }
    }

    @Test func longListsThatTheRunnerCutsAreReadToTheEnd() async throws {
        try await withChat { chat in
            let notes = String(repeating: "x", count: 400)
            for number in 1...60 { _ = try await chat.context.todos.add(title: "thing number \(number)", notes: notes) }
            let answer = try await chat.say("done with thing number 45")
            #expect(answer == "Marked “thing number 45” (#45) as done.")
        }
    }

    @Test func aTitleThatIsTooLongIsRefusedTruthfully() async throws {
        try await withChat { chat in
            let answer = try await chat.say("add \"\(String(repeating: "a", count: 300))\"")
            #expect(answer.hasPrefix("I could not add “aaa"))
            let todos = try await chat.todos()
            #expect(todos.isEmpty)
        }
    }
}

/// A person who talks to the assistant with a planner beside it.
private struct Chat: Sendable {
    let context: UserContext
    let session = InMemorySession()

    func run(_ message: String) async throws -> RunResult {
        let instructions: Instructions<UserContext> = "You look after a todo list.\n\nToday is 2026-12-02 (Wednesday)."
        let planner = Agent(name: "Planner", instructions: instructions, tools: TodoTools())
        let assistant = Agent(name: "Assistant", instructions: instructions, tools: TodoTools(), handoffs: [planner])
        let log = InMemoryRunLog(run: IdentifierGenerator().next())
        return try await Runner(model: OfflineModel()).run(assistant, input: message, context: context, session: session, log: log)
    }

    func say(_ message: String) async throws -> String {
        try await run(message).output
    }

    func todos() async throws -> [Todo] {
        try await context.todos.list(status: .all).data
    }
}

private func withChat(_ body: (Chat) async throws -> Void) async throws {
    try await withDatabase { database in
        let email = try #require(EmailAddress("ada@example.com"))
        let user = try await UserStore(database: database).create(email: email, name: "Ada", passwordHash: "-")
        let today = try #require(Day("2026-12-02"))
        let todos = TodoStore(database: database).todos(of: user.id)
        try await body(Chat(context: UserContext(user: user, today: today, timeZone: "UTC", todos: todos)))
    }
}
