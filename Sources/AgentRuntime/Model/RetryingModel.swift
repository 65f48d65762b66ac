public import Logging

/// A model that is asked again when it could not answer for a passing reason.
///
/// What a request's settings say about retrying is laid over this model's own. Never made again are a request that was cancelled, an answer
/// that has begun, and, unless the settings approve it, a request on which the provider may have acted in a conversation that it keeps.
/// Each failure that another request follows is told by an event, and counts as a request in the usage of the response that comes at last.
public struct RetryingModel: Model {
    /// What holds where a request says nothing.
    public var retry: RetrySettings
    /// A provider that asks for a longer pause is not waited for.
    public var longestRetryAfter: Duration

    private let model: any Model
    private let clock: any Clock<Duration>
    private let chance: Chance
    private let logger: Logger

    /// - Parameter retry: Laid over `RetrySettings.standard`.
    public init(
        _ model: any Model,
        retry: RetrySettings = RetrySettings(),
        longestRetryAfter: Duration = .seconds(20),
        clock: any Clock<Duration> = ContinuousClock(),
        generator: any RandomNumberGenerator & Sendable = SystemRandomNumberGenerator(),
        logger: Logger = Logger(label: "agent.model")
    ) {
        self.model = model
        self.retry = .standard.overlaid(by: retry)
        self.longestRetryAfter = longestRetryAfter
        self.clock = clock
        self.chance = Chance(generator)
        self.logger = logger
    }

    public var name: String { model.name }
    public var keepsConversations: Bool { model.keepsConversations }

    public func respond(to request: ModelRequest) -> ModelEvents {
        PulledEvents { Iterator(model: self, request: request) }
    }

    /// Without the provider's message, which may quote the conversation.
    private func log(_ error: any Error) {
        logger.info("a model request failed and is made again", metadata: ["model": "\(name)", "cause": "\(ErrorKind(of: error))"])
    }

    private struct Iterator: AsyncIteratorProtocol {
        let model: RetryingModel
        let request: ModelRequest
        private var events: (any AsyncIteratorProtocol<ModelEvent, any Error>)?
        private var failures = Failures()
        /// Before the next request; nil while there is nothing to wait for.
        private var pause: Duration?
        private var hasBegun = false

        init(model: RetryingModel, request: ModelRequest) {
            self.model = model
            self.request = request
        }

        mutating func next() async throws -> ModelEvent? {
            try await next(isolation: nil)
        }

        mutating func next(isolation actor: isolated (any Actor)?) async throws -> ModelEvent? {
            if let pause { try await model.clock.sleep(for: pause) }
            pause = nil
            var events = events ?? model.model.respond(to: request).makeAsyncIterator()
            do {
                let event = try await events.next(isolation: actor)
                self.events = events
                hasBegun = hasBegun || event?.isOfAnswer != false
                return event?.counting(failures: failures.count)
            } catch {
                self.events = nil
                guard !hasBegun, let error = error as? ModelError else { throw error }
                pause = model.pause(after: error, &failures, of: request)
                guard pause != nil else { throw error }
                model.log(error)
                return .retrying(after: error)
            }
        }
    }
}

extension RetryingModel {
    private struct Failures {
        /// Those that the policy decides about.
        var ordinary = 0
        /// Those of a conversation that another request had locked.
        var locked = 0

        var count: Int { ordinary &+ locked }
    }

    /// The pause before the next request; nil when there is none.
    private func pause(after error: ModelError, _ failures: inout Failures, of request: ModelRequest) -> Duration? {
        let retry = retry.overlaid(by: request.settings.retry ?? RetrySettings())
        let retries = retry.maxRetries ?? 0
        // Asking again is what the open circuit is to prevent.
        guard error != .circuitOpen else { return nil }
        if case .conversationLocked = error {
            failures.locked += 1
            return retries > 0 && failures.locked <= 3 ? .seconds(1 << (failures.locked - 1)) : nil
        }
        failures.ordinary += 1
        guard failures.ordinary <= retries, retry.policy?.verdict(on: error, of: request) == .retry else { return nil }
        guard !request.isStateful || error.isSafeToReplay || retry.approvesUnsafeReplay == true else { return nil }
        if let retryAfter = error.retryAfter, retryAfter > .zero { return retryAfter <= longestRetryAfter ? retryAfter : nil }
        return retry.backoff?.pause(afterFailures: failures.ordinary, chance: chance.upToOne())
    }
}

extension RetrySettings.Backoff {
    /// - Parameter chance: From 0 to 1.
    func pause(afterFailures failures: Int, chance: Double) -> Duration {
        let factor = multiplier.map { $0.isFinite ? max(1, $0) : 1 } ?? 1
        let longest = max(0, min(maxDelay?.inSeconds ?? 3_600, 3_600))
        var seconds = max(0, initialDelay?.inSeconds ?? 0)
        for _ in 1..<max(2, min(failures, 64)) where failures > 1 { seconds = min(seconds * factor, longest) }
        seconds = min(seconds, longest)
        return .seconds(jitter == false ? seconds : seconds * (1 - chance / 4))
    }
}

extension Duration {
    fileprivate var inSeconds: Double { Double(components.seconds) + Double(components.attoseconds) / 1e18 }
}
