/// What became of an attempt to sign in, for the metrics.
enum SignInResult: String, CaseIterable {
    case ok
    /// The address or the password is not right.
    case refused
    /// The password is good once, to choose another, and none came with it that can be taken.
    case newPasswordNeeded = "new_password_needed"
    case rateLimited = "rate_limited"
    /// Too many passwords wait to be hashed.
    case busy
    /// The client left before its password was looked at.
    case cancelled
    /// A fault of the server, such as a database that cannot be reached.
    case failed

    /// - Parameter error: What was thrown in place of an answer.
    init(_ error: any Error) {
        switch error {
        case is CancellationError: self = .cancelled
        case PasswordHasher.Refusal.busy: self = .busy
        default:
            switch Problem(error).kind {
            case .notSignedIn: self = .refused
            case .newPasswordNeeded, .invalid: self = .newPasswordNeeded
            case .tooManyRequests: self = .rateLimited
            default: self = .failed
            }
        }
    }
}
