/// What signing in is checked against.
public struct Credentials: Sendable {
    public let user: User
    /// Nil for an account that cannot sign in.
    public let passwordHash: String?
    public let isDisabled: Bool
    /// For a password that is good for one sign-in, until when; nil for any other.
    public let oneTimeUntil: Timestamp?
}
