import AgentRuntime

extension JSONError {
    /// What the sender is to mend.
    var sentence: String {
        switch self {
        case .empty: "The body is empty; send one JSON object."
        case .notUTF8: "The body is not UTF-8."
        case .byteOrderMark: "The body begins with a byte order mark; send UTF-8 without one."
        case .tooDeep(let limit): "The body is nested more than \(limit) levels deep."
        case .repeatedKey: "The body has the same key twice in one object."
        case .holdsNUL: "The body holds the character U+0000."
        case .loneSurrogate: "The body holds half of a surrogate pair."
        case .numberOutOfRange: "The body holds a number that is too large."
        case .syntax(let position): "The body is not JSON: look at byte \(position)."
        }
    }
}
