/// What happens when two enabled tools or handoffs of an agent have one name.
public enum ToolNameCollisionPolicy: Sendable, Hashable {
    /// The run fails before the model is asked, with a sentence that names both.
    case error
    /// The log of the process has a warning. The last one is meant, and a handoff before a tool; the model sees that one alone.
    case warn
}
