/// Which failed model requests are worth another one.
public indirect enum RetryPolicy: Sendable, Hashable, Codable {
    case never
    /// What the provider says in `x-should-retry`, else 408, 409, 429 and 5xx. A provider's no ends `any` and `all` too.
    case providerSuggested
    /// The connection failed before the answer began, or the attempt took longer than its `timeout`.
    case networkError
    /// The provider said when to come back.
    case retryAfter
    case httpStatus(Set<Int>)
    /// Every one of these agrees; none is no.
    case all([RetryPolicy])
    /// One of these agrees.
    case any([RetryPolicy])

    /// What a policy makes of one failure.
    enum Verdict: Sendable, Hashable {
        case retry, give
        /// No, whatever the other policies say.
        case veto
    }

    func verdict(on error: ModelError, of request: ModelRequest) -> Verdict {
        switch self {
        case .never: return .give
        case .providerSuggested: return error.suggestion
        case .networkError: return error.isNetworkError(of: request) ? .retry : .give
        case .retryAfter: return error.retryAfter == nil ? .give : .retry
        case .httpStatus(let statuses): return error.status.map(statuses.contains) == true ? .retry : .give
        case .all(let policies):
            let verdicts = policies.map { $0.verdict(on: error, of: request) }
            if verdicts.contains(.veto) { return .veto }
            return !verdicts.isEmpty && verdicts.allSatisfy { $0 == .retry } ? .retry : .give
        case .any(let policies):
            let verdicts = policies.map { $0.verdict(on: error, of: request) }
            if verdicts.contains(.veto) { return .veto }
            return verdicts.contains(.retry) ? .retry : .give
        }
    }
}

extension ModelError {
    /// The status of the provider's answer, if it was an error.
    public var status: Int? {
        switch self {
        case .http(let status, _, _, _): status
        case .conversationLocked: 400
        default: nil
        }
    }

    /// How long the provider asked to be left alone.
    var retryAfter: Duration? {
        if case .http(_, _, let retryAfter, _) = self { retryAfter } else { nil }
    }

    fileprivate var suggestion: RetryPolicy.Verdict {
        switch self {
        case .http(_, _, _, let shouldRetry?): shouldRetry ? .retry : .veto
        case .http, .transport: isTransient ? .retry : .give
        default: .give
        }
    }

    fileprivate func isNetworkError(of request: ModelRequest) -> Bool {
        // For now its connections are known to fail.
        if self == .circuitOpen { return true }
        guard case .transport(let error) = self else { return false }
        return error.isTransient || (error == .totalTimedOut && request.settings.timeout != nil)
    }

    /// Whether the provider cannot have acted on the request: it said no, or the connection never stood.
    var isSafeToReplay: Bool {
        switch self {
        case .http: isTransient
        case .conversationLocked, .circuitOpen, .transport(.couldNotResolve), .transport(.couldNotConnect), .transport(.connectTimedOut): true
        default: false
        }
    }
}
