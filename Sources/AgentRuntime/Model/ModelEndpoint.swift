/// Where a wire API is served, and what each request to it carries.
public struct ModelEndpoint: Sendable {
    /// With the version, such as `https://api.openai.com/v1`; a slash at its end makes no difference.
    public var baseURL: String
    /// Sent as a bearer token to the base URL and nowhere else; nil for a server that asks for none.
    public var apiKey: APIKey?
    /// Sent beside those of the wire API, which win.
    public var headers: TransportHeaders
    public var deadlines: TransportDeadlines

    public init(
        baseURL: String,
        apiKey: APIKey? = nil,
        headers: TransportHeaders = [:],
        deadlines: TransportDeadlines = TransportDeadlines()
    ) {
        self.baseURL = baseURL
        self.apiKey = apiKey
        self.headers = headers
        self.deadlines = deadlines
    }

    /// A POST of `body` to `path` below the base URL.
    func request(_ path: String, body: JSONValue, isStreamed: Bool) -> TransportRequest {
        var headers = headers
        headers["Content-Type"] = "application/json"
        headers["Accept"] = isStreamed ? "text/event-stream" : "application/json"
        if let apiKey { headers["Authorization"] = "Bearer \(apiKey.text)" }
        return TransportRequest(url: url(path), method: "POST", headers: headers, body: body.bytes, deadlines: deadlines)
    }

    /// A query of the base URL stays behind the path.
    private func url(_ path: String) -> String {
        let query = baseURL.utf8.firstIndex(of: UInt8(ascii: "?")) ?? baseURL.endIndex
        var base = baseURL[..<query]
        while base.utf8.last == UInt8(ascii: "/") { base = base.dropLast() }
        return base + "/" + path + baseURL[query...]
    }
}
