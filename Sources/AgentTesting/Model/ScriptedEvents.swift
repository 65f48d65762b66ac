import AgentRuntime

/// The events of one step, pulled one by one.
struct ScriptedEvents: AsyncSequence, Sendable {
    typealias Element = ModelEvent
    typealias Failure = any Error

    let pieceLength: Int?
    /// Takes the step when the first event is pulled.
    let take: @Sendable () throws -> (ScriptedModel.Step, ModelRequest)

    func makeAsyncIterator() -> Iterator {
        Iterator(pieceLength: pieceLength, take: take)
    }

    struct Iterator: AsyncIteratorProtocol {
        private let pieceLength: Int?
        private let take: @Sendable () throws -> (ScriptedModel.Step, ModelRequest)
        private var events: ArraySlice<ModelEvent>?
        private var error: (any Error)?

        init(pieceLength: Int?, take: @escaping @Sendable () throws -> (ScriptedModel.Step, ModelRequest)) {
            self.pieceLength = pieceLength
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
            case .text(let text): events = pieces(of: .said(text), for: request)
            case .calls(let calls):
                events = pieces(of: ModelResponse(items: calls.map(Item.functionCall), usage: Usage(requests: 1)), for: request)
            case .response(let response): events = pieces(of: response, for: request)
            case .respond(let make): events = pieces(of: try await make(request), for: request)
            case .error(let error): self.error = error
            case .stream(let events, let error):
                self.events = events[...]
                self.error = error
            }
        }

        /// The response as it would be made: its texts in pieces when it is streamed.
        private func pieces(of response: ModelResponse, for request: ModelRequest) -> ArraySlice<ModelEvent> {
            guard request.isStreamed else { return [.completed(response)] }
            let texts = response.items.compactMap { if case .message(let message) = $0 { message.text } else { nil } }
            let pieces = texts.flatMap { text in pieceLength.map { text.pieces(of: $0) } ?? text.wordsWithBlanks }
            return ArraySlice(pieces.map(ModelEvent.textDelta) + [.completed(response)])
        }
    }
}

extension String {
    /// Each word with the blanks before it.
    fileprivate var wordsWithBlanks: [String] {
        var words: [String] = []
        for character in self {
            if words.isEmpty || (character == " " && words.last != " ") { words.append("") }
            words[words.count - 1].append(character)
        }
        return words
    }

    fileprivate func pieces(of length: Int) -> [String] {
        var pieces: [String] = []
        var rest = self[...]
        while !rest.isEmpty {
            let piece = rest.prefix(max(1, length))
            pieces.append(String(piece))
            rest = rest.dropFirst(piece.count)
        }
        return pieces
    }
}
