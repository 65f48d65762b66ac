/// What a verified access token says.
struct AccessToken: Sendable, Hashable {
    let user: String
    let session: String
    /// The token's own id, `jti`.
    let id: String
    /// Seconds since 1970.
    let expiry: Int64
}
