/// Derives refresh tokens, so that none is ever stored: `SESSION.COUNTER.CODE`, whose code only the signing key can make.
///
/// A generation has one token, whoever asks for it: parallel refreshes get the same successor.
struct RefreshTokens: Sendable {
    private static let maximumLength = 256

    private let current: Secret
    private let all: [Secret]

    init(keys: SigningKeys) {
        current = Self.derived(from: keys.current)
        all = keys.all.map(Self.derived)
    }

    func text(for token: RefreshToken) -> String {
        "\(token.session).\(token.counter).\(Base64URL.encode(Self.code(token, current)))"
    }

    /// Nil for what was not made here. Whether the generation is still good, the store knows.
    func verify(_ text: String) -> RefreshToken? {
        guard text.utf8.count <= Self.maximumLength else { return nil }
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3, let session = parts.first, let code = parts.last.flatMap({ Base64URL.decode($0.utf8) }),
            let counter = Int(parts[1]), counter > 0, String(counter) == parts[1]
        else { return nil }
        let token = RefreshToken(session: String(session), counter: counter)
        return all.contains { Sodium.areEqual(Self.code(token, $0), code) } ? token : nil
    }

    /// A key of its own, so that no access token can ever verify as one of these.
    private static func derived(from key: SigningKeys.Key) -> Secret {
        Secret(Sodium.hmacSHA256(Array("agent refresh tokens, version 1".utf8), key: key.secret.bytes))
    }

    private static func code(_ token: RefreshToken, _ key: Secret) -> [UInt8] {
        Sodium.hmacSHA256(Array("\(token.session).\(token.counter)".utf8), key: key.bytes)
    }
}
