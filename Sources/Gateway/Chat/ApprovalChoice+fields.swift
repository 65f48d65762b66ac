import AgentRuntime
import Persistence

extension ApprovalChoice {
    private enum Decision: String, CaseIterable {
        case approve, reject
    }

    /// Nil when a fault was noted.
    init?(_ fields: inout RequestFields) {
        let callID = fields.text("call_id", 1...1_000)
        let decision = fields.optionalChoice("decision", of: Decision.self)
        if decision == nil, !fields.contains("decision") || fields.isNull("decision") { fields.refuse("decision", "is required") }
        let arguments = fields.arguments()
        let message = fields.optionalText("message", 1...2_000)
        if decision == .reject, arguments != nil { fields.refuse("arguments", "can be given with an approval only") }
        if decision == .approve, message != nil { fields.refuse("message", "can be given with a rejection only") }
        let always = fields.optionalBool("always")
        guard let callID, let decision else { return nil }
        self.init(callID: callID, verdict: decision == .approve ? .approve : .reject, arguments: arguments, always: always ?? false, message: message)
    }
}

extension RequestFields {
    /// A call's arguments: an object, or a text that holds one, as the model writes them.
    fileprivate mutating func arguments() -> String? {
        guard let value = optionalJSON("arguments"), !value.isNull else { return nil }
        if value.object != nil { return value.text }
        if let text = value.string, let json = try? JSONValue(json: Array(text.utf8), as: .strict), json.object != nil { return text }
        refuse("arguments", "must be a JSON object, or a string that holds one")
        return nil
    }
}
