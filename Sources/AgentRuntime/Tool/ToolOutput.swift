import FoundationEssentials

/// What a tool gives back to the model.
public enum ToolOutput: Sendable, Hashable {
    case text(String)
    case content([ToolContent])

    /// A text as it is; content, or a list of nothing but content, as content; anything else as its JSON text.
    public init(_ value: some Encodable) throws {
        if let text = value as? String {
            self = .text(text)
        } else {
            self.init(try JSONValue(json: JSONEncoder.stable.encode(value)))
        }
    }

    private init(_ json: JSONValue) {
        let elements = json.array ?? [json]
        let content = elements.compactMap(ToolContent.init)
        self = content.isEmpty || content.count < elements.count ? .text(json.text) : .content(content)
    }

    /// The texts of it, a line each, or a remark that there are none.
    public var text: String {
        switch self {
        case .text(let text): text
        case .content(let content): content.map(\.part).text
        }
    }

    /// Every text of it changed.
    func mapTexts(_ change: (String) -> String) -> ToolOutput {
        switch self {
        case .text(let text): .text(change(text))
        case .content(let content):
            .content(content.map { if case .text(let text) = $0 { .text(change(text)) } else { $0 } })
        }
    }
}

extension [Item.Part] {
    /// What is left of a tool's output where only text can be.
    var text: String {
        let texts = compactMap { if case .text(let text) = $0 { text } else { nil } }
        return texts.isEmpty ? "[tool output omitted]" : texts.joined(separator: "\n")
    }
}
