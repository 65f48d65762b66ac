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

    /// Whether OpenAI itself answers, whose own fields other servers may refuse.
    public var isOpenAI: Bool {
        guard baseURL.lowercased().hasPrefix("https://") else { return false }
        let authority = baseURL.dropFirst(8).prefix { !"/?#".contains($0) }.lowercased()
        let host = authority.hasSuffix(":443") ? authority.dropLast(4) : authority[...]
        return host == "api.openai.com" || (host.hasSuffix(".api.openai.com") && !host.contains("@"))
    }

    /// A POST of `body` to `path` below the base URL.
    func request(_ path: String, body: JSONValue, of request: ModelRequest) -> TransportRequest {
        let settings = request.settings
        var headers = headers
        for (name, value) in settings.extraHeaders ?? [:] { headers[name] = value }
        headers["Content-Type"] = "application/json"
        headers["Accept"] = request.isStreamed ? "text/event-stream" : "application/json"
        if let apiKey { headers["Authorization"] = "Bearer \(apiKey.text)" }
        headers.propagateTrace()
        var deadlines = deadlines
        if let timeout = settings.timeout { deadlines.total = min(timeout, deadlines.total ?? timeout) }
        let url = url(path, query: settings.extraQuery ?? [:])
        return TransportRequest(url: url, method: "POST", headers: headers, body: body.bytes, deadlines: deadlines)
    }

    /// A query of the base URL stays behind the path.
    private func url(_ path: String, query extra: [String: String]) -> String {
        let query = baseURL.utf8.firstIndex(of: UInt8(ascii: "?")) ?? baseURL.endIndex
        var base = baseURL[..<query]
        while base.utf8.last == UInt8(ascii: "/") { base = base.dropLast() }
        let url = base + "/" + path + baseURL[query...]
        guard !extra.isEmpty else { return url }
        let fields = extra.sorted { $0.key < $1.key }.map { "\(percentEncoded($0.key))=\(percentEncoded($0.value))" }
        return url + (query == baseURL.endIndex ? "?" : "&") + fields.joined(separator: "&")
    }
}

/// All but the unreserved characters: https://www.rfc-editor.org/rfc/rfc3986#section-2.3
private func percentEncoded(_ text: String) -> String {
    var encoded = ""
    for byte in text.utf8 {
        let scalar = Unicode.Scalar(byte)
        if scalar.isASCII, scalar.properties.isAlphabetic || scalar.properties.numericType != nil || "-._~".unicodeScalars.contains(scalar) {
            encoded.unicodeScalars.append(scalar)
        } else {
            let digits = String(byte, radix: 16, uppercase: true)
            encoded += byte < 16 ? "%0" + digits : "%" + digits
        }
    }
    return encoded
}
