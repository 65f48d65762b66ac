import Gateway

extension FuzzTarget {
    /// What comes in the cookie as an access token. Only three segments in base64url whose first is exactly our header pass.
    static let tokenGate: FuzzTarget = {
        let header = Base64URL.encode(#"{"alg":"HS256","kid":"0123456789abcdef","typ":"at+jwt"}"#.utf8)
        let payload = Base64URL.encode(#"{"aud":"agent","exp":1900000000,"iat":1,"iss":"http://x","jti":"j","nbf":1,"sid":"s","sub":"u"}"#.utf8)
        let signature = Base64URL.encode([UInt8](repeating: 0xA5, count: 32))
        let gate = AccessTokenGate(keyIDs: ["0123456789abcdef"])
        return FuzzTarget(
            "token-gate",
            corpus: ["\(header).\(payload).\(signature)", "\(header)..\(signature)", "\(header).\(payload)"],
            words: [
                ".", "=", "+", "/", "AA==", Base64URL.encode(#"{"alg":"none"}"#.utf8), Base64URL.encode(#"{"alg":"HS256","alg":"HS512"}"#.utf8),
                header,
                payload, signature,
            ]
        ) { input in
            let token = String(decoding: input, as: UTF8.self)
            guard let payload = gate.payload(of: token) else { return nil }
            let segments = token.split(separator: ".", omittingEmptySubsequences: false)
            guard segments.count == 3, token.utf8.count <= AccessTokenGate.maximumLength else { return "another shape passes" }
            return Base64URL.encode(payload).utf8.elementsEqual(segments[1].utf8) ? nil : "the payload has another spelling"
        }
    }()
}
