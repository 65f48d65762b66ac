/// What came of presenting a refresh token.
public enum SessionRotation: Sendable, Hashable {
    /// The next generation, made now.
    case rotated(SignInSession)
    /// The previous generation again, within the grace: the successor that it already has.
    case grace(SignInSession)
    /// A generation that must not be in use any more: the family was revoked with this answer.
    case reused(SignInSession)
    /// No such family, or revoked, expired, or of a disabled account.
    case ended
}
