import HTTPTypes

/// What pages of other origins may do, with cookies: https://fetch.spec.whatwg.org/#http-cors-protocol
struct CORSPolicy: Sendable {
    /// What a browser may remember of a preflight, in seconds.
    static let maximumAge = 7_200
    static let requestHeaders = ["authorization", "content-type", "idempotency-key", "last-event-id"]
    static let exposedHeaders = ["retry-after", "ratelimit", "ratelimit-policy", "x-request-id", "allow"]

    let origins: Set<String>

    /// The origin to echo; nil when there is none, or it is not allowed. Byte by byte.
    func allowedOrigin(in headers: HTTPFields) -> String? {
        let sent = headers[values: .origin]
        guard sent.count == 1, let origin = sent.first else { return nil }
        return origins.first { $0.utf8.elementsEqual(origin.utf8) }
    }

    func permits(_ requestedHeaders: String?) -> Bool {
        let names = (requestedHeaders ?? "").split(separator: ",").map { name in name.filter { $0 != " " && $0 != "\t" }.lowercased() }
        return names.allSatisfy { Self.requestHeaders.contains($0) }
    }
}
