public import AgentRuntime
import AgentTesting
import DatabaseFixtures
public import Persistence
import Testing
public import Tools

/// The tool that README.md shows, letter by letter.
public struct SnoozeTodo: Tool {
    public static let summary = "Moves a todo's due day."
    public static let effect: ToolEffect = .writes

    @Argument("The todo's number.") var id: Int
    @Argument("The new day.") var due: Day

    public init() {}

    public func call(in run: RunContext<UserContext>) async throws -> Todo {
        try await run.value.todos.update(id, TodoChanges(due: .set(due)), for: run.call)
    }
}

@Suite struct ReadmeToolTests {
    @Test func theToolOfTheReadmeWorks() async throws {
        try await withDatabase { database in
            let user = try await UserStore(database: database).local()
            let todos = TodoStore(database: database).todos(of: user.id)
            _ = try await todos.add(title: "Call Bob")
            let today = try #require(Day("2026-11-23"))
            let context = UserContext(user: user, today: today, timeZone: "UTC", todos: todos)
            let model = ScriptedModel(.call("snooze_todo", #"{"id":1,"due":"2026-12-24"}"#), .text("Moved."))
            let agent = Agent(name: "Assistant", tools: [AnyTool(SnoozeTodo.self)])
            _ = try await Runner(model: model).run(agent, input: "Move it to Christmas Eve", context: context)
            #expect(try await todos.get(1).due == Day("2026-12-24"))
        }
    }
}
