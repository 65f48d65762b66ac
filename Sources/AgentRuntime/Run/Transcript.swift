/// The conversation that a run's events add up to, in which every call has its output.
///
/// It is computed from the log, so a run that was cut off anywhere still gives a history that a model can be asked with.
public struct Transcript: Sendable, Hashable {
    /// What the person said.
    public private(set) var input: [Item] = []
    /// What came of it: the model's items, and the outputs of its calls.
    public private(set) var newItems: [Item] = []
    /// Calls without an output, in order.
    public private(set) var pendingCalls: [ToolCall] = []
    /// The places of those among them that were begun.
    public private(set) var startedCalls: Set<Int> = []
    /// What the model said since its last whole response.
    public private(set) var partialText = ""
    public private(set) var ending: RunEvent?
    /// What a person said while the run waited, until a model sees it.
    public private(set) var addedInput: [Item] = []

    /// Items before the latest response, to which a withheld one is cut back.
    private(set) var itemsBeforeResponse = 0
    /// Of the latest response.
    private var turn = 0

    public init() {}

    public init(of events: some Sequence<RunEvent>) {
        for event in events { apply(event) }
    }

    /// Everything of the run that a later model call may see: calls that never got an output are given one, and text that was cut off stays.
    public var items: [Item] {
        let outputs = pendingCalls.map { call in
            let wasBegun = startedCalls.contains(call.index)
            return Item.output(wasBegun ? ToolStart.unknownOutcome : "The call was interrupted before it had a result.", of: call.callID)
        }
        let partial = partialText.isEmpty ? [] : [Item.assistant(partialText)]
        return input + newItems.withoutOpenRequests + outputs + addedInput + partial
    }

    /// The text of the last whole response, or what was said before the run was cut off.
    public var text: String {
        if case .done(let output) = ending { return output.output }
        guard partialText.isEmpty else { return partialText }
        let texts = newItems.lazy.reversed().compactMap { item -> String? in
            if case .message(let message) = item, message.role == .assistant { message.text } else { nil }
        }
        return texts.first ?? ""
    }

    public mutating func apply(_ event: RunEvent) {
        // An error that something follows is one that the run has got over.
        if case .error = ending { ending = nil }
        switch event {
        case .start(let start): input = start.input
        case .delta(let text): partialText += text
        case .restart: partialText = ""
        case .response(let turn, let response, _):
            self.turn = turn
            startedCalls = []
            partialText = ""
            newItems += addedInput
            addedInput = []
            itemsBeforeResponse = newItems.count
            newItems += response.items
        case .toolCall(let call): pendingCalls.append(call)
        case .toolStarted(let start): startedCalls.insert(start.index)
        case .toolResult(let result): answer(result.index, with: result.item)
        case .handoff(let handoff): answer(handoff.call.index, with: .output(handoff.output, of: handoff.call.callID))
        case .guardrail(let verdict): if verdict.isTripped, !verdict.isInput { withhold(verdict.turn ?? turn, replacement: verdict.replacement) }
        case .done, .stopped, .error: ending = event
        case .approvalDecided(let decision):
            if decision.call.path.isEmpty, let arguments = decision.arguments { edit(decision.call, to: arguments) }
            if let response = decision.hostedResponse { newItems.append(response) }
        case .inputAdded(let items): addedInput += items
        case .recovered(let output): if output.isInHistory { newItems.append(.assistant(output.text)) }
        // A guardrail wants a person to see the calls first: they were not made.
        case .approvalChecked(let check): startedCalls.subtract(check.waiting)
        case .toolGuardrail, .toolUse, .compaction, .approvalRequested, .reasoning, .nested: break
        }
    }

    /// The model is to see the call as it was made.
    private mutating func edit(_ call: Interruption, to arguments: String) {
        for place in pendingCalls.indices where pendingCalls[place].index == call.index { pendingCalls[place].arguments = arguments }
        for place in newItems.indices.dropFirst(itemsBeforeResponse) {
            guard case .functionCall(var item) = newItems[place], item.callID == call.callID else { continue }
            item.arguments = arguments
            newItems[place] = .functionCall(item)
        }
    }

    private mutating func answer(_ index: Int, with output: Item) {
        pendingCalls.removeAll { $0.index == index }
        startedCalls.remove(index)
        newItems.append(output)
    }

    /// Takes the latest response back; one that was withheld before it was whole is in no item yet.
    ///
    /// Calls whose outputs were to be the end stay, with other outputs, unless the response holds more.
    private mutating func withhold(_ turn: Int, replacement: String?) {
        partialText = ""
        guard turn == self.turn else { return }
        let withheld = newItems[itemsBeforeResponse...]
        newItems.removeSubrange(itemsBeforeResponse...)
        guard let replacement else { return }
        let kept = withheld.compactMap { item -> Item? in
            switch item {
            case .functionCall: item
            case .functionCallOutput(let output): .output(replacement, of: output.callID)
            case .message, .other: nil
            }
        }
        if kept.count == withheld.count { newItems += kept }
    }
}

extension ToolResult {
    /// What the model reads.
    var item: Item {
        .functionCallOutput(content.map { .init(callID: callID, content: $0) } ?? .init(callID: callID, output: output))
    }
}

extension HandoffRecord {
    /// What the model reads as the output of the call, with the white space of the Agents SDK.
    var output: String { "{\"assistant\": \(JSONValue.string(to).text)}" }
}
