extension Item {
    /// The item without the id that a provider gave it.
    var withoutID: Item {
        switch self {
        case .message(var message):
            message.id = nil
            return .message(message)
        case .functionCall(var call):
            call.id = nil
            return .functionCall(call)
        case .functionCallOutput: return self
        case .other(let json): return .other(json.removing(["id"]))
        }
    }

    /// As a session keeps it: without what only this process or this provider knows. Nil when nothing is left that could be used again.
    func sanitised(_ ids: ItemIDPolicy, reasoningIDs: ItemIDPolicy) -> Item? {
        var item = self
        if case .other(let json) = self {
            // Reasoning that another wire API noted is understood by nobody without that note.
            if isReasoning, json["provider_data"] != nil { return nil }
            item = .other(json.removing(["provider_data", "created_by"]))
        }
        let drops = ids == .omit || item.id == Item.placeholderID || (isReasoning && reasoningIDs == .omit)
        return drops ? item.withoutID : item
    }

    /// The provider's id of the item itself.
    var id: String? {
        switch self {
        case .message(let message): message.id
        case .functionCall(let call): call.id
        case .functionCallOutput: nil
        case .other(let json): json["id"]?.string
        }
    }
}

extension [Item] {
    /// With the ids of reasoning taken away, when the policy says so.
    func applying(_ reasoningIDs: ItemIDPolicy) -> [Item] {
        reasoningIDs == .preserve ? self : map { $0.isReasoning ? $0.withoutID : $0 }
    }
}

extension JSONValue {
    /// An object without these members.
    func removing(_ keys: [String]) -> JSONValue {
        guard var members = object else { return self }
        for key in keys { members[key] = nil }
        return .object(members)
    }
}
