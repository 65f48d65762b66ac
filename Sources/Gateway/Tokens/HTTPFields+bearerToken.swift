import HTTPTypes

extension HTTPFields {
    /// What was sent as a bearer token; nil when nothing was: https://www.rfc-editor.org/rfc/rfc6750#section-2.1
    ///
    /// Throws `Problem` for a second `Authorization` beside it. Other schemes, which a proxy in front may use, are passed over.
    func bearerToken() throws(Problem) -> String? {
        let sent = self[values: .authorization]
        guard let token = sent.lazy.compactMap(Self.bearerToken).first else { return nil }
        guard sent.count == 1 else { throw Problem(.malformedRequest, "Send Authorization once.") }
        return token
    }

    private static func bearerToken(in value: String) -> String? {
        let bytes = value.utf8
        let end = bytes.firstIndex(of: 0x20) ?? bytes.endIndex
        guard String(decoding: bytes[..<end], as: UTF8.self).lowercased() == "bearer" else { return nil }
        return String(decoding: bytes[end...].drop { $0 == 0x20 }, as: UTF8.self)
    }
}
