import AgentRuntime

/// What a provider asks of a request beyond its schema; each check gives what is wrong, nil when nothing is.
enum WireRules {
    /// Every message that calls is followed at once by one output a call, and outputs are nowhere else.
    static func chat(_ body: JSONValue) -> String? {
        var due: [String] = []
        var answered: Set<String> = []
        for message in body["messages"]?.array ?? [] {
            if message["role"] == "tool" {
                guard let id = message["tool_call_id"]?.string, due.contains(id) else { return "an output without its call" }
                guard answered.insert(id).inserted else { return "two outputs of one call" }
                continue
            }
            guard answered == Set(due) else { return "a call without its output" }
            (due, answered) = ([], [])
            guard message["role"] == "assistant" else { continue }
            if let fault = fault(ofAnswer: message) { return fault }
            due = (message["tool_calls"]?.array ?? []).compactMap { $0["id"]?.string }
            guard Set(due).count == due.count else { return "one id for two calls" }
        }
        guard answered == Set(due) else { return "a last call without its output" }
        return body["tools"] == nil && body["parallel_tool_calls"] != nil ? "parallel calls without tools" : nil
    }

    private static func fault(ofAnswer message: JSONValue) -> String? {
        let calls = message["tool_calls"]?.array
        if calls?.isEmpty == true { return "an empty list of calls" }
        if calls == nil, message["content"]?.string == nil, message["refusal"]?.string == nil { return "an answer that says nothing" }
        let arguments = (calls ?? []).map { $0["function"]?["arguments"]?.string ?? "" }
        return arguments.contains("") ? "a call with no arguments" : nil
    }

    /// Every call has one output behind it, every output its call before it, and nothing of this runtime's own is there.
    static func responses(_ body: JSONValue) -> String? {
        var calls: Set<String> = []
        var outputs: Set<String> = []
        for item in body["input"]?.array ?? [] {
            if item["provider_data"] != nil || item["created_by"] != nil || item["id"] == "__fake_id__" { return "something that is only ours" }
            let id = item["call_id"]?.string ?? ""
            switch item["type"]?.string {
            case "function_call":
                guard calls.insert(id).inserted else { return "one id for two calls" }
                guard item["arguments"]?.string?.isEmpty == false else { return "a call with no arguments" }
            case "function_call_output":
                guard calls.contains(id) else { return "an output without its call" }
                guard outputs.insert(id).inserted else { return "two outputs of one call" }
            case "message" where item["role"] != "assistant":
                guard calls == outputs else { return "a call without its output before the next message" }
            default: break
            }
        }
        return calls == outputs ? nil : "a call without its output"
    }
}
