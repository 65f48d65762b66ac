/// Why a todo could not be read or written as asked; whoever asked can repair it.
public enum TodoError: Error, Sendable, Hashable {
    case notFound(Int)
    /// The sentence says what the field must be.
    case invalid(field: String, sentence: String)
}

extension TodoError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .notFound(let number): "There is no todo \(number)."
        case .invalid(let field, let sentence): "\(field): \(sentence)"
        }
    }
}
