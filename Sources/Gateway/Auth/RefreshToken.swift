/// A generation of a session, as its refresh token carries it.
struct RefreshToken: Sendable, Hashable {
    let session: String
    let counter: Int
}
