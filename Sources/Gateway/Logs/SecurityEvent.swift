import Logging

/// What matters to security and is written down: each under a name that never changes.
///
/// Beside the name stand ids, addresses and limits, never a secret, a text of a person or a model, or an address that somebody tried.
enum SecurityEvent: String, Sendable, CaseIterable {
    case registered
    case signedIn = "signed_in"
    case signInRefused = "sign_in_refused"
    /// A refresh token came a second time, and with it its family of tokens has ended.
    case refreshReused = "refresh_reused"
    case signedOut = "signed_out"
    case signedOutEverywhere = "signed_out_everywhere"
    case sessionEnded = "session_ended"
    case passwordChanged = "password_changed"
    case passwordRefused = "password_refused"
    case accountDeleted = "account_deleted"
    case apiTokenMade = "api_token_made"
    case apiTokenRevoked = "api_token_revoked"
    case apiTokenRefused = "api_token_refused"
    case crossSiteRefused = "cross_site_refused"
    case rateLimited = "rate_limited"
    /// A person, a guardrail or a rule did not let a tool be called.
    case toolDenied = "tool_denied"
    /// A run would have gone over one of its limits.
    case limitReached = "limit_reached"
    case budgetExceeded = "budget_exceeded"
    // What operators do with accounts, at the machine itself.
    case accountAdded = "account_added"
    case accountDisabled = "account_disabled"
    case accountEnabled = "account_enabled"
    case accountRemoved = "account_removed"
    case passwordReset = "password_reset"

    private var level: Logger.Level {
        switch self {
        case .signInRefused, .refreshReused, .passwordRefused, .apiTokenRefused, .crossSiteRefused, .rateLimited, .toolDenied: .warning
        default: .notice
        }
    }

    /// One line, beside what the logger says of every line.
    func write(to logger: Logger, _ fields: Logger.Metadata = [:]) {
        logger.log(level: level, "security", metadata: fields.merging(["event": .string(rawValue)]) { $1 })
    }
}
