public import AgentRuntime
public import Persistence

/// Adds one todo.
public struct AddTodo: Tool {
    public static let summary = "Adds one todo to the signed-in person's list. Call it once for each thing to be done."
    public static let effect: ToolEffect = .writes

    @Argument("What is to be done, in the person's words.", .length(1...200))
    var title: String

    @Argument("The day it is due, if they named one.")
    var due: Day?

    @Argument("Anything else worth keeping, if they said more than a title.", .length(0...2_000))
    var notes: String?

    public init() {}

    public func call(in run: RunContext<UserContext>) async throws -> Todo {
        try await repairable { try await run.value.todos.add(title: title, notes: notes, due: due, for: run.call) }
    }
}
