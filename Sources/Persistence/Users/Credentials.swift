/// What signing in is checked against.
public struct Credentials: Sendable {
    public let user: User
    /// Nil for an account that cannot sign in.
    public var passwordHash: String?
    public let isDisabled: Bool
    /// For a password that is good for one sign-in, until when; nil for any other.
    public let oneTimeUntil: Timestamp?

    public init(user: User, passwordHash: String?, isDisabled: Bool = false, oneTimeUntil: Timestamp? = nil) {
        self.user = user
        self.passwordHash = passwordHash
        self.isDisabled = isDisabled
        self.oneTimeUntil = oneTimeUntil
    }
}
