/// A model of whose every request somebody is told how it went.
public struct ObservedModel: Model {
    private let model: any Model
    private let now: @Sendable () -> ContinuousClock.Instant
    private let observe: @Sendable (ModelObservation) -> Void

    public init(
        _ model: any Model,
        now: @escaping @Sendable () -> ContinuousClock.Instant = { ContinuousClock.now },
        observe: @escaping @Sendable (ModelObservation) -> Void
    ) {
        self.model = model
        self.now = now
        self.observe = observe
    }

    public var name: String { model.name }
    public var keepsConversations: Bool { model.keepsConversations }

    public func respond(to request: ModelRequest) -> ModelEvents {
        PulledEvents { Iterator(model: self, events: model.respond(to: request).makeAsyncIterator()) }
    }

    private struct Iterator: AsyncIteratorProtocol {
        let model: ObservedModel
        var events: any AsyncIteratorProtocol<ModelEvent, any Error>
        private var start: ContinuousClock.Instant?
        private var firstEvent: Duration?

        init(model: ObservedModel, events: any AsyncIteratorProtocol<ModelEvent, any Error>) {
            self.model = model
            self.events = events
        }

        mutating func next() async throws -> ModelEvent? {
            try await next(isolation: nil)
        }

        mutating func next(isolation actor: isolated (any Actor)?) async throws -> ModelEvent? {
            let start = start ?? model.now()
            self.start = start
            do {
                let event = try await events.next(isolation: actor)
                if let event, event.isOfAnswer, firstEvent == nil { firstEvent = model.now() - start }
                if case .completed(let response) = event { end(with: .answered(response.usage), since: start) }
                return event
            } catch {
                end(with: Self.outcome(of: error), since: start)
                throw error
            }
        }

        private func end(with outcome: ModelObservation.Outcome, since start: ContinuousClock.Instant) {
            model.observe(ModelObservation(model: model.name, outcome: outcome, firstEvent: firstEvent, total: model.now() - start))
        }

        private static func outcome(of error: any Error) -> ModelObservation.Outcome {
            switch error {
            case ModelError.transport(.cancelled), ModelError.interrupted(.cancelled), is CancellationError: .cancelled
            case let error as ModelError: .failed(RunError.model(error).failure.code)
            case let error as RunError: .failed(error.failure.code)
            default: .failed(.internal)
            }
        }
    }
}
