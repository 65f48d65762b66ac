/// What a tool of an MCP server answered: https://modelcontextprotocol.io/specification/2025-06-18/server/tools#tool-result
public struct MCPToolResult: Sendable, Hashable {
    public let content: [JSONValue]
    public let structuredContent: JSONValue?
    public let isError: Bool

    init(_ json: JSONValue) throws(MCPError) {
        guard json.object != nil else { throw .malformed("the result of a call is no object") }
        content = json["content"]?.array ?? []
        structuredContent = json["structuredContent"]
        isError = json["isError"]?.bool ?? false
    }

    /// What the model reads: a single text as it is; else the texts, the images as data URLs, and everything else as JSON text.
    public var output: ToolOutput {
        let parts = content.map(ToolContent.init(mcp:))
        return switch parts.first {
        case nil: .text("")
        case .text(let text)? where parts.count == 1: .text(text)
        default: .content(parts)
        }
    }

    /// The texts of the output, a line each.
    public var text: String { output.text }
}

extension ToolContent {
    fileprivate init(mcp content: JSONValue) {
        if content["type"] == "image", let data = content["data"]?.string {
            self = .image(url: "data:\(content["mimeType"]?.string ?? "image/png");base64,\(data)")
        } else {
            self = .text((content["type"] == "text" ? content["text"]?.string : nil) ?? content.text)
        }
    }
}
