import Testing

@testable import Gateway

@Suite struct AccessTokenTests {
    private let time = SetClock()

    private func tokens(_ secret: String = GatewayFixture.secret, issuer: String = "http://localhost") async throws -> AccessTokens {
        await AccessTokens(keys: try SigningKeys(text: secret), issuer: issuer, clock: time.wall)
    }

    @Test func aWellFormedTokenIsTaken() async throws {
        let token = await (try tokens()).verify(try ForgedToken().text)
        #expect(token == AccessToken(user: "user", session: "session", id: "token", expiry: 1_800_000_900))
    }

    /// R-008.
    @Test func r008_anotherShapeIsRefused() async throws {
        let tokens = try await tokens()
        let good = try ForgedToken().text
        let parts = good.split(separator: ".").map { String($0) }
        let shapes = [
            "", ".", "..", "...", "a.b.c", parts[0] + "." + parts[1], good + ".", good + "." + parts[2], "." + good, parts[0] + ".." + parts[2],
            good + "=", parts[0] + "=." + parts[1] + "." + parts[2], " " + good, good + " ", good + "\n", "\"\(good)\"",
            parts[0] + "\n." + parts[1] + "." + parts[2], String(repeating: "A", count: 3_072), good + String(repeating: "A", count: 102_400),
            parts[0] + "." + parts[1] + "." + parts[2].dropLast(), parts[0] + "." + parts[1] + "." + parts[2] + "A",
        ]
        for shape in shapes { #expect(await tokens.verify(shape) == nil, "\(shape.prefix(200))") }
    }

    /// R-008: long enough, even a token of our own is not looked at.
    @Test func r008_aLongTokenIsRefused() async throws {
        let tokens = try await tokens()
        for (length, isGood) in [(1_200, true), (1_600, false)] {
            let token = try ForgedToken().with("jti", "\"\(String(repeating: "x", count: length))\"").text
            #expect((token.utf8.count <= 2_048) == isGood)
            #expect((await tokens.verify(token) != nil) == isGood)
        }
    }

    /// R-009, R-011, R-014: each of these is signed with the right key.
    @Test(arguments: [
        #"{"alg":"HS512","typ":"at+jwt","kid":"KID"}"#, #"{"alg":"hs256","typ":"at+jwt","kid":"KID"}"#,
        #"{"alg":"none","typ":"at+jwt","kid":"KID"}"#, #"{"alg":"nOnE","typ":"at+jwt","kid":"KID"}"#,
        #"{"alg":"","typ":"at+jwt","kid":"KID"}"#, #"{"typ":"at+jwt","kid":"KID"}"#, #"{"alg":["HS256"],"typ":"at+jwt","kid":"KID"}"#,
        #"{"alg":null,"typ":"at+jwt","kid":"KID"}"#, #"{"alg":"HS256","typ":"JWT","kid":"KID"}"#, #"{"alg":"HS256","kid":"KID"}"#,
        #"{"alg":"HS256","typ":"AT+JWT","kid":"KID"}"#, #"{"alg":"HS256","typ":"at+jwt"}"#, #"{"alg":"HS256","typ":"at+jwt","kid":"unknown"}"#,
        #"{"alg":"HS256","typ":"at+jwt","kid":"../../etc/passwd"}"#, #"{"alg":"HS256","typ":"at+jwt","kid":"' OR 1=1--"}"#,
        #"{"alg":"HS256","typ":"at+jwt","kid":1}"#, #"{"alg":"HS256","typ":"at+jwt","kid":"KID\u0000"}"#,
        #"{"alg":"HS256","typ":"at+jwt","kid":"KID","jku":"http://127.0.0.1:9/"}"#, #"{"alg":"HS256","typ":"at+jwt","kid":"KID","x5u":"x"}"#,
        #"{"alg":"HS256","typ":"at+jwt","kid":"KID","jwk":{}}"#, #"{"alg":"HS256","typ":"at+jwt","kid":"KID","x5c":[]}"#,
        #"{"alg":"HS256","typ":"at+jwt","kid":"KID","crit":["exp"]}"#, #"{"alg":"HS256","alg":"HS256","typ":"at+jwt","kid":"KID"}"#,
        #"{"alg":"none","alg":"HS256","typ":"at+jwt","kid":"KID"}"#, #"["HS256","at+jwt","KID"]"#, "{}", "", "null",
        #"{"alg":"HS256","typ":"at+jwt","kid":"KID",}"#,
    ])
    func r009_r011_r014_anotherHeaderIsRefused(header: String) async throws {
        let tokens = try await tokens()
        #expect(await tokens.verify(try ForgedToken().with(header: header).text) == nil)
    }

    /// R-010.
    @Test func r010_anUnsignedTokenIsRefused() async throws {
        let tokens = try await tokens()
        let good = try ForgedToken().text
        let content = good[..<(good.lastIndex(of: ".") ?? good.endIndex)]
        #expect(await tokens.verify(content + ".") == nil)
        #expect(await tokens.verify(content + "." + Base64URL.encode([UInt8](repeating: 0, count: 32))) == nil)
        var other = ForgedToken()
        other.key = "another secret which this server does not know"
        let header = try #require(try ForgedToken().text.split(separator: ".").first)
        let forged = try other.text.split(separator: ".")
        #expect(await tokens.verify("\(header).\(forged[1]).\(forged[2])") == nil)
    }

    /// R-012, R-014: each of these is signed with the right key.
    @Test(arguments: ["iss", "aud", "sub", "sid", "jti", "iat", "nbf", "exp"])
    func r012_r014_everyClaimIsNeededOnceAndInItsOwnType(claim: String) async throws {
        let tokens = try await tokens()
        let values = [nil, "null", "{}", "[]", "true", "-1", "0", "1e300", "9223372036854775808", "9223372036854775807", "1.5", "\"\""]
        let isTime = ["iat", "nbf", "exp"].contains(claim)
        for value in values + (isTime ? ["\"1800000000\"", "1799990000"] : []) {
            #expect(await tokens.verify(try ForgedToken().with(claim, value).text) == nil, "\(claim): \(value ?? "absent")")
        }
        var doubled = ForgedToken()
        doubled.claims.append((claim, doubled.claims.first { $0.name == claim }?.json ?? ""))
        #expect(await tokens.verify(try doubled.text) == nil)
    }

    /// R-012: up to 30 seconds of difference between clocks are forgiven.
    @Test(arguments: [
        ("exp", 1_800_000_000 - 29, true), ("exp", 1_800_000_000 - 31, false), ("nbf", 1_800_000_000 + 30, true),
        ("nbf", 1_800_000_000 + 31, false), ("iat", 1_800_000_000 + 30, true), ("iat", 1_800_000_000 + 31, false),
        ("exp", 1_800_000_000 + 930, true), ("exp", 1_800_000_000 + 86_400, false),
    ])
    func r012_timesAreChecked(claim: String, seconds: Int, isGood: Bool) async throws {
        let tokens = try await tokens()
        #expect((await tokens.verify(try ForgedToken().with(claim, "\(seconds)").text) != nil) == isGood)
    }

    /// R-012, R-013.
    @Test(arguments: [
        ("iss", "\"https://localhost\""), ("iss", "\"http://localhost:81\""), ("aud", "\"other\""), ("aud", "[\"agent\"]"), ("aud", "[\"other\"]"),
    ])
    func r012_r013_aTokenForSomebodyElseIsRefused(claim: String, json: String) async throws {
        let tokens = try await tokens()
        #expect(await tokens.verify(try ForgedToken().with(claim, json).text) == nil)
    }

    /// R-017.
    @Test func r017_theOldKeyVerifiesAndTheNewOneSigns() async throws {
        let old = "the old secret of the tests that is long enough"
        let rotating = try await tokens("\(GatewayFixture.secret),\(old)")
        var token = ForgedToken()
        token.key = old
        #expect(await rotating.verify(try token.text) != nil)
        #expect(await rotating.verify(try ForgedToken().text) != nil)
        #expect(await (try tokens()).verify(try token.text) == nil)
    }
}
