/// A part of what a tool gives back to the model.
///
/// It encodes to an object that is told apart by its `type`: `text`, `image` or `file`.
public enum ToolContent: Sendable, Hashable {
    case text(String)
    /// By its URL, which may be a `data:` URL, or by the provider's id of a file.
    case image(url: String? = nil, fileID: String? = nil, detail: String? = nil)
    /// By its content in base64, its URL, or the provider's id.
    case file(data: String? = nil, url: String? = nil, fileID: String? = nil, name: String? = nil)
}

extension ToolContent: Encodable {
    public func encode(to encoder: any Encoder) throws {
        try json.encode(to: encoder)
    }

    /// Nil for anything but an object of a known `type` with a source; the keys are those of `json`.
    public init?(_ json: JSONValue) {
        func text(_ key: String) -> String? { json[key]?.string }
        switch text("type") {
        case "text":
            guard let text = text("text") else { return nil }
            self = .text(text)
        case "image":
            guard text("image_url") != nil || text("file_id") != nil else { return nil }
            self = .image(url: text("image_url"), fileID: text("file_id"), detail: text("detail"))
        case "file":
            guard text("file_data") != nil || text("file_url") != nil || text("file_id") != nil else { return nil }
            self = .file(data: text("file_data"), url: text("file_url"), fileID: text("file_id"), name: text("filename"))
        default: return nil
        }
    }

    public var json: JSONValue { json(prefix: "") }

    /// As a part of a conversation's item.
    var part: Item.Part {
        if case .text(let text) = self { .text(text) } else { .other(json(prefix: "input_")) }
    }

    private func json(prefix: String) -> JSONValue {
        let members: (type: String, texts: [String: String?]) =
            switch self {
            case .text(let text): ("text", ["text": text])
            case .image(let url, let fileID, let detail): ("image", ["image_url": url, "file_id": fileID, "detail": detail])
            case .file(let data, let url, let fileID, let name):
                ("file", ["file_data": data, "file_url": url, "file_id": fileID, "filename": name])
            }
        var object = members.texts.compactMapValues { $0.map(JSONValue.string) }
        object["type"] = .string(prefix + members.type)
        return .object(object)
    }
}
