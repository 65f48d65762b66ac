/// What somebody signs in with.
struct SignInFields: Sendable {
    /// As it was typed: an address that cannot be one is told apart from an unknown one by nobody.
    let email: String
    let password: Password
}
