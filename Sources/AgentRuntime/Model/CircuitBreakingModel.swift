/// A model that is not asked while its provider's circuit breaker is open: `ModelError.circuitOpen` then comes at once.
public struct CircuitBreakingModel: Model {
    private let model: any Model
    private let breaker: CircuitBreaker

    /// - Parameter breaker: Shared by all models of one provider.
    public init(_ model: any Model, breaker: CircuitBreaker) {
        self.model = model
        self.breaker = breaker
    }

    public var name: String { model.name }
    public var keepsConversations: Bool { model.keepsConversations }

    public func respond(to request: ModelRequest) -> ModelEvents {
        PulledEvents { Iterator(breaker: breaker, events: model.respond(to: request).makeAsyncIterator()) }
    }

    private struct Iterator: AsyncIteratorProtocol {
        private let breaker: CircuitBreaker
        private var events: any AsyncIteratorProtocol<ModelEvent, any Error>
        private var passage: CircuitBreaker.Passage?

        init(breaker: CircuitBreaker, events: any AsyncIteratorProtocol<ModelEvent, any Error>) {
            self.breaker = breaker
            self.events = events
        }

        mutating func next() async throws -> ModelEvent? {
            try await next(isolation: nil)
        }

        mutating func next(isolation actor: isolated (any Actor)?) async throws -> ModelEvent? {
            guard let passage = passage ?? breaker.enter() else { throw ModelError.circuitOpen }
            self.passage = passage
            do {
                let event = try await events.next(isolation: actor)
                if case .completed = event { passage.end(with: .answered) }
                return event
            } catch {
                passage.end(with: CircuitBreaker.Passage.Outcome(of: error))
                throw error
            }
        }
    }
}

extension CircuitBreaker.Passage.Outcome {
    fileprivate init(of error: any Error) {
        switch error {
        case ModelError.transport(let cause), ModelError.interrupted(let cause): self.init(of: cause)
        case ModelError.http(let status, _, _, _): self = status >= 500 ? .outage : .answered
        case is ModelError: self = .answered
        default: self = .unknown
        }
    }

    private init(of cause: TransportError) {
        switch cause {
        case .cancelled, .shutDown, .bodyAlreadyRead, .refusedURL, .refusedRequest: self = .unknown
        case .headersTooLarge, .bodyTooLarge: self = .answered
        case .couldNotResolve, .couldNotConnect, .tls, .connectTimedOut, .firstByteTimedOut, .betweenBytesTimedOut, .totalTimedOut, .connectionLost,
            .malformedResponse:
            self = .outage
        }
    }
}
