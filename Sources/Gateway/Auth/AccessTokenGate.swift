import AgentRuntime

/// What a token must look like before any library reads it. JWTKit alone takes any header that its key verifies.
///
/// https://www.rfc-editor.org/rfc/rfc8725#section-3
package struct AccessTokenGate: Sendable {
    static let algorithm = "HS256"
    static let type = "at+jwt"
    package static let maximumLength = 2_048

    private let keyIDs: [String]

    package init(keyIDs: [String]) {
        self.keyIDs = keyIDs
    }

    /// The bytes of the payload; nil for a token that is not exactly one of ours in shape.
    package func payload(of token: String) -> [UInt8]? {
        guard token.utf8.count <= Self.maximumLength else { return nil }
        let segments = token.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false).map { Base64URL.decode($0) }
        guard segments.count == 3, let header = segments[0], let payload = segments[1], let signature = segments[2],
            signature.count == 32, isKnown(header)
        else { return nil }
        return payload
    }

    private func isKnown(_ header: [UInt8]) -> Bool {
        guard let fields = (try? JSONValue(json: header, as: .strict))?.object, fields.count == 3,
            let key = fields["kid"]?.string
        else { return false }
        return Self.areSame(fields["alg"]?.string, Self.algorithm) && Self.areSame(fields["typ"]?.string, Self.type)
            && keyIDs.contains { Self.areSame($0, key) }
    }

    /// Byte by byte: `==` holds for canonically equivalent text.
    private static func areSame(_ left: String?, _ right: String) -> Bool {
        left?.utf8.elementsEqual(right.utf8) ?? false
    }
}
