import AgentRuntime
import JWTKit

/// The claims of an access token, all of them required: https://www.rfc-editor.org/rfc/rfc9068#section-2.2
struct AccessTokenClaims: JWTPayload, Hashable {
    var iss: String
    var aud: String
    var sub: String
    var sid: String
    var jti: String
    /// Seconds since 1970, like the two that follow.
    var iat: Int64
    var nbf: Int64
    var exp: Int64

    /// The signature says nothing about the claims; `AccessTokens` looks at them, with its own clock.
    func verify(using algorithm: some JWTAlgorithm) {}
}

extension AccessTokenClaims {
    /// Nil unless every claim is there, once and with its own type.
    init?(payload: [UInt8]) {
        guard let json = try? JSONValue(json: payload, as: .strict),
            let iss = json["iss"]?.string, let aud = json["aud"]?.string, let sub = json["sub"]?.string, let sid = json["sid"]?.string,
            let jti = json["jti"]?.string, !sub.isEmpty, !sid.isEmpty, !jti.isEmpty,
            case .integer(let iat)? = json["iat"], case .integer(let nbf)? = json["nbf"], case .integer(let exp)? = json["exp"]
        else { return nil }
        self.init(iss: iss, aud: aud, sub: sub, sid: sid, jti: jti, iat: Int64(iat), nbf: Int64(nbf), exp: Int64(exp))
    }
}
