/// What somebody signs in with.
struct SignInFields: Sendable {
    /// As it was typed: an address that cannot be one is told apart from an unknown one by nobody.
    let email: String
    let password: Password
    /// In exchange for a password that is good for one sign-in; without effect for any other.
    var newPassword: String?
}

extension SignInFields: CustomReflectable {
    /// Neither who signs in nor with what.
    var customMirror: Mirror { Mirror(self, children: []) }
}
