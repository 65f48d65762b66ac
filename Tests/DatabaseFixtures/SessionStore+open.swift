public import Persistence

extension SessionStore {
    /// A session of somebody who knows the password. Throws `StoreError.noSuchOwner` for one that is not the account's.
    public func open(user: String, passwordHash: String = "h", userAgent: String? = nil) async throws -> SignInSession {
        let user = User(id: user, email: "", name: "")
        guard let session = try await open(NewSession(userAgent: userAgent), with: Credentials(user: user, passwordHash: passwordHash)) else {
            throw StoreError.noSuchOwner
        }
        return session
    }
}
