extension ModelError {
    /// What an error status, its header and the start of its body say.
    ///
    /// - Parameters:
    ///   - key: left out of the message, should the provider repeat it.
    ///   - now: seconds since 1970.
    init(status: Int, headers: TransportHeaders, body: [UInt8], key: APIKey?, now: Double) {
        let json = try? JSONValue(json: body)
        let said = json.flatMap { $0["error"]?["message"]?.string ?? $0["error"]?.string ?? $0["message"]?.string ?? $0["detail"]?.string }
        let message = said.map { ModelError.presentable($0, without: key) } ?? "It gave no reason."
        if status == 400, json?["error"]?["code"] == "conversation_locked" { self = .conversationLocked(message); return }
        self = .http(
            status: status, message: message, retryAfter: RetryAfter.duration(in: headers, now: now),
            shouldRetry: headers["x-should-retry"].flatMap { Bool($0.lowercased()) })
    }

    /// At most 500 code points, without control characters and the key.
    private static func presentable(_ text: String, without key: APIKey?) -> String {
        var text = text
        if let key = key?.text, !key.isEmpty { text = text.split(separator: key, omittingEmptySubsequences: false).joined(separator: "[key]") }
        let scalars = text.unicodeScalars.lazy.map { $0.properties.generalCategory == .control ? " " : $0 }
        return String(String.UnicodeScalarView(scalars.prefix(500)))
    }
}
