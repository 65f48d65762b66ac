import JWTKit
import Persistence

/// Issues and verifies the short-lived tokens that requests are made with.
struct AccessTokens: Sendable {
    /// What clocks may differ by, in seconds.
    static let leeway: Int64 = 30
    static let audience = "agent"

    private let gate: AccessTokenGate
    private let keys: JWTKeyCollection
    private let currentKey: JWKIdentifier
    private let issuer: String
    private let clock: WallClock
    private let identifiers: IdentifierGenerator
    /// Seconds.
    private let lifetime: Int64

    /// - Parameter issuer: The public URL's origin, so that a token of another environment is refused.
    init(
        keys: SigningKeys,
        issuer: String,
        clock: WallClock = .system,
        identifiers: IdentifierGenerator = IdentifierGenerator(),
        lifetime: Duration = .seconds(15 * 60)
    ) async {
        gate = AccessTokenGate(keyIDs: keys.all.map(\.id))
        self.keys = JWTKeyCollection()
        for key in keys.all {
            await self.keys.add(hmac: HMACKey(from: key.secret.bytes), digestAlgorithm: .sha256, kid: JWKIdentifier(string: key.id))
        }
        currentKey = JWKIdentifier(string: keys.current.id)
        self.issuer = issuer
        self.clock = clock
        self.identifiers = identifiers
        self.lifetime = lifetime.components.seconds
    }

    /// A token for a session, and the seconds for which it is good: never longer than the session.
    func issue(for session: SignInSession) async throws -> (text: String, lifetime: Int64) {
        let now = Self.seconds(clock.now)
        let expiry = min(now + lifetime, Self.seconds(session.expiresAt))
        let claims = AccessTokenClaims(
            iss: issuer, aud: Self.audience, sub: session.user, sid: session.id, jti: identifiers.next(), iat: now, nbf: now, exp: expiry)
        let header = JWTHeader(fields: ["alg": .string(AccessTokenGate.algorithm), "typ": .string(AccessTokenGate.type)])
        return (try await keys.sign(claims, kid: currentKey, header: header), max(0, expiry - now))
    }

    /// Nil for whatever is wrong with a token: nobody is told what.
    func verify(_ token: String) async -> AccessToken? {
        guard let payload = gate.payload(of: token), (try? await keys.verify(token, as: SignedPayload.self)) != nil,
            let claims = AccessTokenClaims(payload: payload), isValid(claims)
        else { return nil }
        return AccessToken(user: claims.sub, session: claims.sid, id: claims.jti, expiry: claims.exp)
    }

    private func isValid(_ claims: AccessTokenClaims) -> Bool {
        let now = Self.seconds(clock.now)
        // Nothing that was issued here lies outside these, so nothing is added to or taken from a claim before it is known to be near.
        let times = (now - lifetime - 2 * Self.leeway)...(now + Self.leeway)
        return claims.iss.utf8.elementsEqual(issuer.utf8) && claims.aud.utf8.elementsEqual(Self.audience.utf8)
            && times.contains(claims.iat) && times.contains(claims.nbf) && claims.exp > now - Self.leeway
            && claims.exp <= now + lifetime + Self.leeway
    }

    private static func seconds(_ moment: Timestamp) -> Int64 {
        moment.milliseconds / 1_000
    }
}

extension AccessTokens {
    /// For JWTKit, which is asked about the signature only; the claims are read from the same bytes, strictly.
    private struct SignedPayload: JWTPayload {
        func verify(using algorithm: some JWTAlgorithm) {}
    }
}
