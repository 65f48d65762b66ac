public import AgentRuntime
public import Persistence

/// Changes the title, notes or due day of a todo.
public struct UpdateTodo: Tool {
    public static let summary = "Changes a todo's title, notes or due day. What is left out stays as it is."
    public static let effect: ToolEffect = .writes

    @Argument("The todo's number.")
    var id: Int

    @Argument("The new title.", .length(1...200))
    var title: String?

    @Argument("The new notes, replacing the old.", .length(0...2_000))
    var notes: String?

    @Argument("The new due day.")
    var due: Day?

    @Argument("Fields to empty.")
    var clear: [ClearableField]?

    public init() {}

    public func call(in run: RunContext<UserContext>) async throws -> Todo {
        let clear = clear ?? []
        if due != nil, clear.contains(.due) { throw ToolFailure("'due' is set and cleared in one call: do one of them.") }
        if notes != nil, clear.contains(.notes) { throw ToolFailure("'notes' is set and cleared in one call: do one of them.") }
        guard title != nil || notes != nil || due != nil || !clear.isEmpty else {
            throw ToolFailure("Nothing to change: give title, notes, due or clear.")
        }
        let changes = TodoChanges(
            title: title,
            notes: clear.contains(.notes) ? .cleared : notes.map(FieldChange.set) ?? .unchanged,
            due: clear.contains(.due) ? .cleared : due.map(FieldChange.set) ?? .unchanged
        )
        return try await repairable { try await run.value.todos.update(id, changes, for: run.call) }
    }
}

/// A field that a todo can do without.
public enum ClearableField: String, ArgumentValue, CaseIterable {
    case due, notes
}
