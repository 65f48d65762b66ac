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

    /// At most `limit` bytes of text, however many texts there are, and saying so.
    func cut(to limit: Int) -> ToolOutput {
        guard case .content(let content) = self else { return .text(text.cut(to: limit)) }
        let sizes = content.map { if case .text(let text) = $0 { text.utf8.count } else { 0 } }
        let total = sizes.reduce(0, +)
        guard total > limit else { return self }
        var left = limit
        var isCut = false
        return .content(
            zip(content, sizes).compactMap { part, size in
                guard case .text(let text) = part else { return part }
                guard !isCut else { return nil }
                guard size > left else {
                    left -= size
                    return part
                }
                isCut = true
                return .text(text.prefix(bytes: left) + String.cutMark(total, limit))
            })
    }
}

extension String {
    /// At most `limit` bytes and a remark that it was more.
    func cut(to limit: Int) -> String {
        utf8.count > limit ? prefix(bytes: limit) + String.cutMark(utf8.count, limit) : self
    }

    fileprivate static func cutMark(_ size: Int, _ limit: Int) -> String { "\n[cut: \(size) bytes, the first \(limit) shown]" }

    /// Cut between code points.
    fileprivate func prefix(bytes limit: Int) -> Substring {
        var end = utf8.index(startIndex, offsetBy: limit)
        while end > startIndex, utf8[end] & 0b1100_0000 == 0b1000_0000 { end = utf8.index(before: end) }
        return self[..<end]
    }
}

extension [Item.Part] {
    /// What is left of a tool's output where only text can be.
    var text: String {
        let texts = compactMap { if case .text(let text) = $0 { text } else { nil } }
        return texts.isEmpty ? "[tool output omitted]" : texts.joined(separator: "\n")
    }
}
