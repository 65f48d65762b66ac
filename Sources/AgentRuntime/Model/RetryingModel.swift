public import Logging
import Synchronization

/// A model that is asked again when it could not answer for a passing reason.
///
/// Asked again are 408, 409, 429, 5xx and connections that failed before the answer began, unless the provider says otherwise; an answer
/// that has begun never is. A failed request counts in the usage of the response that comes at last.
public struct RetryingModel: Model {
    /// Requests in all.
    public var tries: Int
    /// The pause after the first failure; each further one doubles it, up to 8 s, less a quarter at most by chance.
    public var backoff: Duration
    /// A provider that asks for a longer pause is not waited for.
    public var longestRetryAfter: Duration

    private let model: any Model
    private let clock: any Clock<Duration>
    private let chance: Chance
    private let logger: Logger

    public init(
        _ model: any Model,
        tries: Int = 3,
        backoff: Duration = .milliseconds(500),
        longestRetryAfter: Duration = .seconds(20),
        clock: any Clock<Duration> = ContinuousClock(),
        generator: any RandomNumberGenerator & Sendable = SystemRandomNumberGenerator(),
        logger: Logger = Logger(label: "agent.model")
    ) {
        self.model = model
        self.tries = tries
        self.backoff = backoff
        self.longestRetryAfter = longestRetryAfter
        self.clock = clock
        self.chance = Chance(generator)
        self.logger = logger
    }

    public var name: String { model.name }
    public var keepsConversations: Bool { model.keepsConversations }

    public func respond(to request: ModelRequest) -> ModelEvents {
        Events(model: self, request: request)
    }

    /// The pause before the request after `failures` failed ones; nil when there is none.
    private func pause(after error: any Error, failures: Int) -> Duration? {
        guard let error = error as? ModelError, error.isTransient, failures < tries else { return nil }
        if case .http(_, _, let retryAfter?, _) = error, retryAfter > .zero { return retryAfter <= longestRetryAfter ? retryAfter : nil }
        let doubled = (1..<max(1, min(failures, 16))).reduce(backoff) { pause, _ in pause * 2 }
        return min(doubled, max(backoff, .seconds(8))) * (1 - chance.upToOne() / 4)
    }

    /// Without the provider's message, which may quote the conversation.
    private func log(_ error: any Error) {
        let cause = if case ModelError.http(let status, _, _, _) = error { String(status) } else { String(describing: error) }
        logger.info("a model request failed and is made again", metadata: ["model": "\(name)", "cause": "\(cause)"])
    }

    private struct Events: AsyncSequence, Sendable {
        typealias Element = ModelEvent
        typealias Failure = any Error

        let model: RetryingModel
        let request: ModelRequest

        func makeAsyncIterator() -> Iterator {
            Iterator(model: model, request: request)
        }
    }

    private struct Iterator: AsyncIteratorProtocol {
        let model: RetryingModel
        let request: ModelRequest
        private var events: (any AsyncIteratorProtocol<ModelEvent, any Error>)?
        private var failures = 0
        private var hasBegun = false

        init(model: RetryingModel, request: ModelRequest) {
            self.model = model
            self.request = request
        }

        mutating func next() async throws -> ModelEvent? {
            try await next(isolation: nil)
        }

        mutating func next(isolation actor: isolated (any Actor)?) async throws -> ModelEvent? {
            while true {
                var events = events ?? model.model.respond(to: request).makeAsyncIterator()
                do {
                    let event = try await events.next(isolation: actor)
                    self.events = events
                    hasBegun = true
                    return event.map(counted)
                } catch {
                    self.events = nil
                    failures += 1
                    guard !hasBegun, let pause = model.pause(after: error, failures: failures) else { throw error }
                    model.log(error)
                    try await model.clock.sleep(for: pause)
                }
            }
        }

        private func counted(_ event: ModelEvent) -> ModelEvent {
            guard case .completed(var response) = event else { return event }
            response.usage.requests = response.usage.requests &+ failures
            return .completed(response)
        }
    }
}

/// A generator that many requests share.
private final class Chance: Sendable {
    private let generator: Mutex<any RandomNumberGenerator & Sendable>

    init(_ generator: any RandomNumberGenerator & Sendable) {
        self.generator = Mutex(generator)
    }

    func upToOne() -> Double {
        generator.withLock { Double.random(in: 0...1, using: &$0) }
    }
}
