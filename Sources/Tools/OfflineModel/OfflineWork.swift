import AgentRuntime

/// What one intent comes to, once the todos it is about are known: calls to make, and things to say instead of calls.
struct OfflineWork: Sendable {
    enum Verb: String, Sendable {
        case add, complete, reopen, delete, rename, reschedule, clearDue, note, clearNotes, plan

        /// The tool that does it.
        var tool: String {
            switch self {
            case .add, .plan: "add_todo"
            case .complete: "complete_todo"
            case .reopen: "reopen_todo"
            case .delete: "delete_todo"
            case .rename, .reschedule, .clearDue, .note, .clearNotes: "update_todo"
            }
        }
    }

    struct Step: Sendable {
        let verb: Verb
        let call: OfflineCall
        /// The todo before the call, as far as it is known.
        var before: ListedTodo?
    }

    enum Remark: Sendable, Hashable {
        case talk(SmallTalk)
        /// A sentence that stands for itself.
        case sentence(String)
        case unclear(String)
        case doubt(TodoResolver.Doubt)
        /// Todos that already are as they should be.
        case already([ListedTodo], String)
        case details([ListedTodo])
        /// The tool that would be needed is not offered.
        case lacking(String)
        case confirmDeleting([ListedTodo])
        case askDay
        /// How many more there are than one message changes.
        case leftOver(Int)
    }

    var steps: [Step] = []
    var remarks: [Remark] = []
    /// Asked after everything else is done.
    var view: TodoFilter?
    /// The goal of a plan, to say what the steps are for.
    var goal: String?
}
