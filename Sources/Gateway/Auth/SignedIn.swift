import Persistence

/// Who makes a request, and by what.
struct SignedIn: Sendable, Hashable {
    let user: User
    /// The session, or the API token in place of one.
    let session: String
    /// Nil for a session, which is good for everything.
    var token: APIToken?
}
