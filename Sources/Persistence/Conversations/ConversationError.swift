/// Why a conversation could not be read or written as asked; whoever asked can repair it.
public enum ConversationError: Error, Sendable, Hashable {
    /// Not there, or somebody else's: the same answer.
    case notFound
    /// The sentence says what the field must be.
    case invalid(field: String, sentence: String)
}
