/// Makes a conversation that was kept somewhere into one that a provider takes.
struct ConversationRepair {
    private var items: [Item?]

    private init(_ items: [Item]) {
        self.items = items
    }

    /// - Of several items with one id the latest counts; of several outputs of a call the latest, at the place of the first.
    /// - A call without an output is dropped, and an output without its call.
    /// - Reasoning is dropped when what it led to is not there.
    static func repaired(_ items: [Item]) -> [Item] {
        var repair = ConversationRepair(items)
        repair.dropRepeatedIDs()
        repair.dropUnpairedCalls()
        repair.dropReasoningWithoutFollower()
        return repair.items.compactMap { $0 }
    }

    private mutating func dropRepeatedIDs() {
        var seen: Set<[String]> = []
        for place in items.indices.reversed() {
            guard let id = items[place]?.identity else { continue }
            if !seen.insert(id).inserted { items[place] = nil }
        }
    }

    private mutating func dropUnpairedCalls() {
        var pairs: [Pair] = []
        var newest: [CallReference: Int] = [:]
        for place in items.indices {
            guard let reference = items[place]?.callReference else { continue }
            if reference.isOutput {
                guard let pair = newest[reference.call] else { items[place] = nil; continue }
                if let first = pairs[pair].output {
                    items[first] = items[place]
                    items[place] = nil
                } else {
                    pairs[pair].output = place
                }
            } else {
                newest[reference.call] = pairs.count
                pairs.append(Pair(call: place))
            }
        }
        for pair in pairs where pair.output == nil { dropCall(at: pair.call) }
        dropRepeatedPairs(pairs)
    }

    private struct Pair {
        var call: Int
        var output: Int?
    }

    /// A call id alone is no sign of a repetition: some servers count the calls of each response from 0.
    private mutating func dropRepeatedPairs(_ pairs: [Pair]) {
        var seen: Set<String> = []
        for pair in pairs.reversed() {
            guard let output = pair.output, let id = items[pair.call]?.id, !seen.insert(id).inserted else { continue }
            dropCall(at: pair.call)
            items[output] = nil
        }
    }

    /// Reasoning that led to this call alone goes with it.
    private mutating func dropCall(at place: Int) {
        items[place] = nil
        if let next = items[place...].lazy.compactMap({ $0 }).first, next.isOfModel, !next.isReasoning { return }
        for earlier in items[..<place].indices.reversed() {
            guard let item = items[earlier] else { continue }
            guard item.isReasoning else { return }
            items[earlier] = nil
        }
    }

    private mutating func dropReasoningWithoutFollower() {
        var hasFollower = false
        for place in items.indices.reversed() {
            guard let item = items[place] else { continue }
            if !item.isReasoning { hasFollower = item.isOfModel } else if !hasFollower { items[place] = nil }
        }
    }
}

/// Which call an item makes, or answers.
struct CallReference: Hashable {
    var type: String
    var id: String
    var isOutput = false

    var call: CallReference { CallReference(type: type, id: id) }
}

extension Item {
    /// An id that no provider gave: https://github.com/openai/openai-agents-python/blob/main/src/agents/models/fake_id.py
    static let placeholderID = "__fake_id__"

    /// Calls that are carried out outside the provider, whose outputs are items of their own.
    private static let callTypes: Set = ["function_call", "computer_call", "local_shell_call", "shell_call", "apply_patch_call", "custom_tool_call"]

    var isReasoning: Bool {
        if case .other(let json) = self { json["type"] == "reasoning" } else { false }
    }

    /// Whether a model made the item, and neither a person nor the host.
    var isOfModel: Bool {
        switch self {
        case .message(let message): message.role == .assistant
        case .functionCall: true
        case .functionCallOutput: false
        case .other(let json): !(json["type"]?.string ?? "").hasSuffix("_output")
        }
    }

    /// Nil for an item that is neither a call nor an output.
    var callReference: CallReference? {
        switch self {
        case .functionCall(let call): return CallReference(type: "function_call", id: call.callID)
        case .functionCallOutput(let output): return CallReference(type: "function_call", id: output.callID, isOutput: true)
        case .message: return nil
        case .other(let json):
            guard let type = json["type"]?.string, let id = json["call_id"]?.string else { return nil }
            if Item.callTypes.contains(type) { return CallReference(type: type, id: id) }
            let call = String(type.dropLast("_output".count))
            return type.hasSuffix("_output") && Item.callTypes.contains(call) ? CallReference(type: call, id: id, isOutput: true) : nil
        }
    }

    /// What a later item of the same type and id stands for too; calls and outputs are told apart by their call ids instead.
    fileprivate var identity: [String]? {
        switch self {
        case .message(let message): Item.identity("message", message.id)
        case .functionCall, .functionCallOutput: nil
        case .other(let json): callReference == nil ? Item.identity(json["type"]?.string ?? "", json["id"]?.string) : nil
        }
    }

    private static func identity(_ type: String, _ id: String?) -> [String]? {
        guard let id, id != placeholderID else { return nil }
        return [type, id]
    }
}
