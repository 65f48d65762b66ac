extension ModelError {
    /// What a provider may charge for a request.
    enum Charge {
        case nothing
        /// What it was sent.
        case input
        /// And what it answered, of which nobody says how much it was.
        case answer
    }

    /// What the provider may charge for the request that failed.
    var charge: Charge {
        switch self {
        case .http, .conversationLocked, .circuitOpen: .nothing
        case .transport(let cause): cause.isBeforeRequest ? .nothing : .input
        case .interrupted, .failed, .malformed, .contentFiltered, .lengthLimitReached: .answer
        }
    }
}

extension TransportError {
    /// Whether it came before anything of the request was sent.
    fileprivate var isBeforeRequest: Bool {
        switch self {
        case .couldNotResolve, .couldNotConnect, .connectTimedOut, .tls, .refusedURL, .refusedRequest: true
        case .firstByteTimedOut, .betweenBytesTimedOut, .totalTimedOut, .connectionLost, .malformedResponse, .headersTooLarge, .bodyTooLarge,
            .cancelled, .bodyAlreadyRead, .shutDown:
            false
        }
    }
}
