import Persistence

/// A session with the tokens for one device to go on with. Lifetimes are seconds.
struct IssuedSession: Sendable {
    let session: SignInSession
    let accessToken: String
    let accessLifetime: Int64
    let refreshToken: String
    let refreshLifetime: Int64
}

extension IssuedSession: CustomReflectable {
    /// Without the tokens.
    var customMirror: Mirror { Mirror(self, children: ["session": session.id]) }
}
