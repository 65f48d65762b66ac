/// Why something was not done with an account, in a sentence.
public enum AccountError: Error, Sendable, Hashable, CustomStringConvertible {
    case unknown(String)
    case invalid(String)

    public var description: String {
        switch self {
        case .unknown(let name): "There is no account \(name)."
        case .invalid(let sentence): sentence
        }
    }
}
