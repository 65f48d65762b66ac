import AgentRuntime

/// What the offline model reads in a request: the day, the tools it may call, and the turns so far.
struct OfflineConversation: Sendable {
    /// A person's message and the calls made for it.
    struct Turn: Sendable {
        var message: String
        var calls: [Call] = []
        /// The model's last words in it.
        var answer = ""
        /// Whether another agent handed the conversation over during it.
        var isHandedOver = false
    }

    struct Call: Sendable {
        var id: String
        var name: String
        /// Nil while nothing is known of its outcome.
        var output: String?
    }

    let today: Day?
    let tools: [ToolDefinition]
    let turns: [Turn]
    /// All calls in the request, to number the next ones.
    let callCount: Int

    init(_ request: ModelRequest) {
        today = OfflineConversation.day(in: request.instructions ?? "")
        tools = request.settings.toolChoice == ToolChoice.none ? [] : request.tools
        turns = OfflineConversation.turns(of: request.input)
        callCount = request.input.count { if case .functionCall = $0 { true } else { false } }
    }

    func offers(_ name: String) -> Bool {
        tools.contains { $0.name == name }
    }

    /// The handoff to an agent that breaks goals into todos.
    var planner: ToolDefinition? {
        tools.first { OfflineConversation.isHandoff($0.name) && $0.name.contains("plan") }
    }

    // MARK: The day

    private static func day(in instructions: String) -> Day? {
        let key = "Today is "
        for line in instructions.split(whereSeparator: \.isNewline) where line.hasPrefix(key) {
            if let day = Day(String(line.dropFirst(key.count).prefix(10))) { return day }
        }
        return nil
    }

    // MARK: The turns

    private static func turns(of items: [Item]) -> [Turn] {
        var turns: [Turn] = []
        for item in items {
            switch item {
            case .message(let message) where message.role == .user: turns.append(Turn(message: message.text))
            case .message(let message) where message.role == .assistant: turns.last { $0.answer = message.text }
            case .functionCall(let call) where isHandoff(call.name):
                turns.last {
                    $0.calls = []
                    $0.isHandedOver = true
                }
            case .functionCall(let call): turns.last { $0.calls.append(Call(id: call.callID, name: call.name)) }
            case .functionCallOutput(let output): turns.last { $0.take(output) }
            default: break
            }
        }
        return turns
    }

    private static func isHandoff(_ name: String) -> Bool {
        name.hasPrefix("transfer_to_")
    }
}

extension OfflineConversation.Turn {
    fileprivate mutating func take(_ output: Item.FunctionCallOutput) {
        guard let index = calls.lastIndex(where: { $0.id == output.callID }) else { return }
        calls[index].output = output.output
    }
}

extension Array {
    /// Changes the last element, if there is one.
    fileprivate mutating func last(_ change: (inout Element) -> Void) {
        guard !isEmpty else { return }
        change(&self[count - 1])
    }
}
