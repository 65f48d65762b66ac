/// Why a token could not be made; the person can repair it.
public enum APITokenError: Error, Sendable, Hashable {
    /// The person has as many as they may have.
    case tooMany(Int)
}
