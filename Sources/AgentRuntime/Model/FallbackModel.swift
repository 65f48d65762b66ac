/// A chain of models, of which the next one is asked when one failed before anything of its answer was used.
///
/// A request that goes on with a conversation which a provider keeps stays with the first model: no other one knows it.
public struct FallbackModel: Model {
    /// Which failures lead to the next model.
    public var policy: RetryPolicy

    private let first: any Model
    private let others: [any Model]

    /// A model that cannot be reached, is too busy, fails, or is not there for this key.
    public static let unanswered = RetryPolicy.any([.networkError, .httpStatus([401, 403, 404, 408, 409, 429]), .httpStatus(Set(500...599))])

    public init(_ first: any Model, _ others: any Model..., when policy: RetryPolicy = FallbackModel.unanswered) {
        self.first = first
        self.others = others
        self.policy = policy
    }

    private init(_ first: any Model, then others: [any Model]) {
        self.first = first
        self.others = others
        policy = FallbackModel.unanswered
    }

    /// The chain of these models; one model alone is itself, and nil stands for none.
    public static func chain(of models: [any Model]) -> (any Model)? {
        guard models.count > 1, let first = models.first else { return models.first }
        return FallbackModel(first, then: Array(models.dropFirst()))
    }

    /// The first model's.
    public var name: String { first.name }
    public var keepsConversations: Bool { first.keepsConversations }

    public func respond(to request: ModelRequest) -> ModelEvents {
        PulledEvents { Iterator(model: self, request: request) }
    }

    private struct Iterator: AsyncIteratorProtocol {
        private let policy: RetryPolicy
        private let request: ModelRequest
        private var events: any AsyncIteratorProtocol<ModelEvent, any Error>
        private var others: ArraySlice<any Model>
        private var failures = 0
        private var hasBegun = false

        init(model: FallbackModel, request: ModelRequest) {
            policy = model.policy
            self.request = request
            events = model.first.respond(to: request).makeAsyncIterator()
            others = request.isStateful ? [] : model.others[...]
        }

        mutating func next() async throws -> ModelEvent? {
            try await next(isolation: nil)
        }

        mutating func next(isolation actor: isolated (any Actor)?) async throws -> ModelEvent? {
            do {
                let event = try await events.next(isolation: actor)
                hasBegun = hasBegun || event?.isOfAnswer != false
                return event?.counting(failures: failures)
            } catch {
                guard !hasBegun, !Task.isCancelled, let cause = error as? ModelError, policy.verdict(on: cause, of: request) == .retry,
                    let next = others.popFirst()
                else { throw error }
                failures += 1
                events = next.respond(to: request).makeAsyncIterator()
                return .retrying(after: cause)
            }
        }
    }
}
