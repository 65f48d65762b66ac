/// What a person or the host says, as the content of a chat message.
enum ChatContent {
    /// Text alone is a string; what a person sends beside it makes a list of parts.
    static func of(_ message: Item.Message) throws(RunError) -> JSONValue {
        guard message.content.contains(where: { if case .other = $0 { true } else { false } }) else { return try text(of: message) }
        var parts: [JSONValue] = []
        for part in message.content {
            switch part {
            case .text(let text), .refusal(let text): parts.append(["type": "text", "text": .string(text)])
            case .other(let json): parts.append(try chatPart(json))
            }
        }
        return .array(parts)
    }

    /// The texts, joined by lines. Throws for anything else.
    static func text(of message: Item.Message) throws(RunError) -> JSONValue {
        var texts: [String] = []
        for part in message.content {
            switch part {
            case .text(let text), .refusal(let text): texts.append(text)
            case .other(let json):
                throw .user(
                    "The Chat Completions API takes text alone from the \(message.role.rawValue), not '\(json["type"]?.string ?? "unknown")'.")
            }
        }
        return .string(texts.joined(separator: "\n"))
    }

    private static func chatPart(_ json: JSONValue) throws(RunError) -> JSONValue {
        switch json["type"]?.string {
        case "input_image":
            guard let url = json["image_url"], url.string?.isEmpty == false else {
                throw .user("The Chat Completions API takes images by URL alone.")
            }
            let detail = json["detail"]?.string ?? "auto"
            return ["type": "image_url", "image_url": ["url": url, "detail": .string(detail == "original" ? "high" : detail)]]
        case "input_file":
            let file = (json.object ?? [:]).filter { ["file_data", "file_id", "filename"].contains($0.key) && !$0.value.isNull }
            guard file["file_data"] != nil || file["file_id"] != nil else {
                throw .user("The Chat Completions API takes files by their data or id alone.")
            }
            return ["type": "file", "file": .object(file)]
        case "input_audio", "image_url", "file": return json
        case let type: throw .user("The Chat Completions API cannot carry content of type '\(type ?? "unknown")'.")
        }
    }
}
