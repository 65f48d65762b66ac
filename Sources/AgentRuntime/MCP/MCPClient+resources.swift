/// Something that a server lets be read: https://modelcontextprotocol.io/specification/2025-06-18/server/resources
public struct MCPResource: Sendable, Hashable {
    /// The address, or of a template its pattern.
    public let uri: String
    public let name: String
    public let description: String
    public let mimeType: String?

    init(_ json: JSONValue) throws(MCPError) {
        guard let uri = (json["uri"] ?? json["uriTemplate"])?.string else { throw .malformed("it lists a resource without an address") }
        self.uri = uri
        name = json["name"]?.string ?? uri
        description = json["description"]?.string ?? ""
        mimeType = json["mimeType"]?.string
    }
}

/// What was read of a resource.
public struct MCPResourceContent: Sendable, Hashable {
    public let uri: String
    public let mimeType: String?
    /// Nil when it is no text.
    public let text: String?
    /// Base64; nil when it is text.
    public let blob: String?

    init(_ json: JSONValue) {
        uri = json["uri"]?.string ?? ""
        mimeType = json["mimeType"]?.string
        text = json["text"]?.string
        blob = json["blob"]?.string
    }
}

extension MCPClient {
    public func listResources() async throws -> [MCPResource] {
        try await pages(of: "resources/list", "resources").map { try MCPResource($0) }
    }

    public func listResourceTemplates() async throws -> [MCPResource] {
        try await pages(of: "resources/templates/list", "resourceTemplates").map { try MCPResource($0) }
    }

    public func readResource(_ uri: String) async throws -> [MCPResourceContent] {
        var retries = server.retries
        let result = try await request("resources/read", ["uri": .string(uri)], within: server.listTimeout, retries: &retries)
        guard let contents = result["contents"]?.array else { throw MCPError.malformed("its resource has no contents") }
        return contents.map { MCPResourceContent($0) }
    }
}
