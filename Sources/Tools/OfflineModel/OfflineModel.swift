public import AgentRuntime

/// The model used when no provider is configured: a deterministic, rule-based one that keeps a todo list through real tool calls.
///
/// It understands everyday English (`Phrasebook` holds every phrase), takes the day from the line `Today is YYYY-MM-DD` of the instructions, keeps
/// no state, and says what it is to whoever asks for more than it can do.
public struct OfflineModel: Model {
    public let name = "offline"

    /// What people are told when this model answers them: what it is, and how to connect another.
    public static let introduction = OfflineTalk.introduction

    public init() {}

    public func respond(to request: ModelRequest) -> ModelEvents {
        OfflineResponse(request: request)
    }
}

/// One response: made when the first event is pulled, then given word by word.
struct OfflineResponse: AsyncSequence, Sendable {
    typealias Element = ModelEvent
    typealias Failure = any Error

    let request: ModelRequest

    func makeAsyncIterator() -> Iterator {
        Iterator(request: request)
    }

    struct Iterator: AsyncIteratorProtocol {
        private let request: ModelRequest
        private var events: ArraySlice<ModelEvent>?

        init(request: ModelRequest) {
            self.request = request
        }

        mutating func next() async throws -> ModelEvent? {
            try Task.checkCancellation()
            var events = self.events ?? OfflineResponse.events(for: request)[...]
            let event = events.popFirst()
            self.events = events
            return event
        }
    }

    private static func events(for request: ModelRequest) -> [ModelEvent] {
        let response = response(to: request)
        let deltas = request.isStreamed ? words(of: response.text ?? "").map(ModelEvent.textDelta) : []
        return deltas + [.completed(response)]
    }

    // MARK: The response

    static func response(to request: ModelRequest) -> ModelResponse {
        let conversation = OfflineConversation(request)
        var items: [Item]
        switch OfflineTurn(conversation).nextStep() {
        case .answer(let text): items = [.assistant(text)]
        case .handOff(let handoff, let goal, let words):
            items = words.map { [.assistant($0)] } ?? []
            items.append(.call(handoff.name, arguments(of: handoff, goal: goal), id: callID(conversation.callCount)))
        case .call(let calls):
            let parallel = request.settings.parallelToolCalls == false ? Array(calls.prefix(1)) : calls
            items = parallel.enumerated().map { index, call in
                .call(call.name, JSONValue.object(call.arguments).text, id: callID(conversation.callCount + index))
            }
        }
        return ModelResponse(items: items, usage: usage(of: request, items))
    }

    /// Unlike any other in the conversation.
    private static func callID(_ number: Int) -> String {
        "call_offline_\(number + 1)"
    }

    /// A handoff that asks for arguments gets the goal as each text it requires.
    private static func arguments(of handoff: ToolDefinition, goal: String) -> String {
        let required = handoff.parameters["required"]?.array?.compactMap(\.string) ?? []
        return JSONValue.object(Dictionary(required.map { ($0, JSONValue.string(goal)) }, uniquingKeysWith: { first, _ in first })).text
    }

    /// Each word with the white space after it.
    private static func words(of text: String) -> [String] {
        var words: [String] = []
        var word = ""
        var isAfterSpace = false
        for character in text {
            if isAfterSpace, !character.isWhitespace {
                words.append(word)
                word = ""
            }
            isAfterSpace = character.isWhitespace
            word.append(character)
        }
        return word.isEmpty ? words : words + [word]
    }

    // MARK: Usage

    /// Roughly what a tokenizer would count: a token for every four bytes.
    private static func usage(of request: ModelRequest, _ items: [Item]) -> Usage {
        let input = (request.instructions?.utf8.count ?? 0) + request.input.reduce(0) { $0 + size(of: $1) }
        let output = items.reduce(0) { $0 + size(of: $1) }
        return Usage(requests: 1, inputTokens: (input + 3) / 4, outputTokens: (output + 3) / 4)
    }

    private static func size(of item: Item) -> Int {
        switch item {
        case .message(let message): message.text.utf8.count
        case .functionCall(let call): call.name.utf8.count + call.arguments.utf8.count
        case .functionCallOutput(let output): output.output.utf8.count
        case .other: 0
        }
    }
}
