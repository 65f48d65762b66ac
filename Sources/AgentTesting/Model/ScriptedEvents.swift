import AgentRuntime

/// The events of one step, pulled one by one.
struct ScriptedEvents: AsyncSequence, Sendable {
    typealias Element = ModelEvent
    typealias Failure = any Error

    /// Takes the step when the first event is pulled.
    let take: @Sendable () throws -> (ScriptedModel.Step, ModelRequest)

    func makeAsyncIterator() -> Iterator {
        Iterator(take: take)
    }

    struct Iterator: AsyncIteratorProtocol {
        let take: @Sendable () throws -> (ScriptedModel.Step, ModelRequest)
        private var events: ArraySlice<ModelEvent>?
        private var error: (any Error)?

        init(take: @escaping @Sendable () throws -> (ScriptedModel.Step, ModelRequest)) {
            self.take = take
        }

        mutating func next() async throws -> ModelEvent? {
            try await next(isolation: nil)
        }

        mutating func next(isolation actor: isolated (any Actor)?) async throws -> ModelEvent? {
            if events == nil { try await begin() }
            if let event = events?.popFirst() { return event }
            if let error { throw error }
            return nil
        }

        private mutating func begin() async throws {
            events = []
            let (step, request) = try take()
            switch step {
            case .text(let text): events = ModelResponse.said(text).events(isStreamed: request.isStreamed)
            case .calls(let calls):
                events = ModelResponse(items: calls.map(Item.functionCall), usage: Usage(requests: 1)).events(isStreamed: request.isStreamed)
            case .response(let response): events = response.events(isStreamed: request.isStreamed)
            case .respond(let make): events = try await make(request).events(isStreamed: request.isStreamed)
            case .error(let error): self.error = error
            case .stream(let events, let error):
                self.events = events[...]
                self.error = error
            }
        }
    }
}

extension ModelResponse {
    /// The response as it would be made: its texts word by word when it is streamed.
    fileprivate func events(isStreamed: Bool) -> ArraySlice<ModelEvent> {
        guard isStreamed else { return [.completed(self)] }
        let texts = items.compactMap { if case .message(let message) = $0 { message.text } else { nil } }
        return ArraySlice(texts.flatMap(words).map(ModelEvent.textDelta) + [.completed(self)])
    }

    /// Each word with the blanks before it.
    private func words(of text: String) -> [String] {
        var words: [String] = []
        for character in text {
            if words.isEmpty || (character == " " && words.last != " ") { words.append("") }
            words[words.count - 1].append(character)
        }
        return words
    }
}
