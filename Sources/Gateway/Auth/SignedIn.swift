import Persistence

/// Who makes a request, and in which session.
struct SignedIn: Sendable, Hashable {
    let user: User
    let session: String
}
