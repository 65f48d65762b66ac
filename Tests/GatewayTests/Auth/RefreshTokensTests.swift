import Testing

@testable import Gateway

@Suite struct RefreshTokensTests {
    private let tokens: RefreshTokens

    init() throws {
        tokens = RefreshTokens(keys: try SigningKeys(text: GatewayFixture.secret))
    }

    /// a generation has one token, whoever derives it.
    @Test func r027_aTokenIsDerivedFromItsGeneration() {
        let token = RefreshToken(session: "0190-a", counter: 7)
        #expect(tokens.text(for: token) == tokens.text(for: token))
        #expect(tokens.verify(tokens.text(for: token)) == token)
        #expect(tokens.text(for: token) != tokens.text(for: RefreshToken(session: "0190-a", counter: 8)))
    }

    @Test func whatWasNotMadeHereIsRefused() throws {
        let good = tokens.text(for: RefreshToken(session: "0190-a", counter: 7))
        let code = try #require(good.split(separator: ".").last)
        let bad = [
            "", ".", "..", "0190-a.7", "0190-a.8.\(code)", "0190-b.7.\(code)", "0190-a.07.\(code)", "0190-a.+7.\(code)", "0190-a.-7.\(code)",
            "0190-a.0.\(code)", "0190-a.9223372036854775808.\(code)", "0190-a.٧.\(code)", "0190-a.7.\(code)=", "0190-a.7.\(code.dropLast())",
            good + ".",
            good + String(repeating: "a", count: 300), " " + good,
        ]
        for text in bad { #expect(tokens.verify(text) == nil, "\(text.prefix(80))") }
        let other = RefreshTokens(keys: try SigningKeys(text: "another secret which this server does not know"))
        #expect(other.verify(good) == nil)
    }

    /// the keys of the two kinds of tokens have nothing in common.
    @Test func r013_theSigningKeyItselfMakesNoRefreshToken() {
        let code = Sodium.hmacSHA256(Array("0190-a.7".utf8), key: Array(GatewayFixture.secret.utf8))
        #expect(tokens.verify("0190-a.7.\(Base64URL.encode(code))") == nil)
    }

    @Test func theOldKeyVerifiesAfterARotation() throws {
        let rotated = RefreshTokens(keys: try SigningKeys(text: "the new secret of the tests that is long enough,\(GatewayFixture.secret)"))
        let token = RefreshToken(session: "0190-a", counter: 7)
        #expect(rotated.verify(tokens.text(for: token)) == token)
        #expect(rotated.text(for: token) != tokens.text(for: token))
    }
}
