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

    /// What the model reads: texts as they are, images as data URLs, everything else as JSON, a line break between two.
    public var text: String {
        content.map(MCPToolResult.text).joined(separator: "\n")
    }

    private static func text(of content: JSONValue) -> String {
        switch content["type"] {
        case "text": content["text"]?.string ?? content.text
        case "image": "data:\(content["mimeType"]?.string ?? "image/png");base64,\(content["data"]?.string ?? "")"
        default: content.text
        }
    }
}
