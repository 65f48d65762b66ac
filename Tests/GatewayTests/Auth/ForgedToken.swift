@testable import Gateway

/// A token signed with the real key, whatever it says.
struct ForgedToken {
    var header = #"{"alg":"HS256","typ":"at+jwt","kid":"KID"}"#
    var claims: [(name: String, json: String)]
    var key = GatewayFixture.secret

    init(now: Int64 = 1_800_000_000, issuer: String = "http://localhost") {
        claims = [
            ("iss", "\"\(issuer)\""), ("aud", "\"agent\""), ("sub", "\"user\""), ("sid", "\"session\""), ("jti", "\"token\""),
            ("iat", "\(now)"), ("nbf", "\(now)"), ("exp", "\(now + 900)"),
        ]
    }

    var text: String {
        get throws {
            let id = try SigningKeys(text: key).current.id
            let content = [header.replacing("KID", with: id), payload].map { Base64URL.encode($0.utf8) }.joined(separator: ".")
            return content + "." + Base64URL.encode(Sodium.hmacSHA256(Array(content.utf8), key: Array(key.utf8)))
        }
    }

    var payload: String {
        "{" + claims.map { "\"\($0.name)\":\($0.json)" }.joined(separator: ",") + "}"
    }

    func with(_ claim: String, _ json: String?) -> ForgedToken {
        var copy = self
        copy.claims.removeAll { $0.name == claim }
        if let json { copy.claims.append((claim, json)) }
        return copy
    }

    func with(header: String) -> ForgedToken {
        var copy = self
        copy.header = header
        return copy
    }
}
