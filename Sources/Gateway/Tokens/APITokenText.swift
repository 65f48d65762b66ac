import FoundationEssentials
import Persistence

/// The text of an API token: `agent_`, 256 random bits and their checksum. A person sees it once; what is stored is its SHA-256.
///
/// The prefix and the checksum tell a token from other text, for those who look for secrets where none should be:
/// https://github.blog/engineering/platform-security/behind-githubs-new-authentication-token-formats/
struct APITokenText: Sendable {
    static let prefix = "agent_"
    /// With the checksum the text is a whole number of letters, each of which counts.
    private static let secretLength = 32
    private static let checksumLength = 4
    private static let length = prefix.utf8.count + (secretLength + checksumLength) / 3 * 4

    let text: String

    /// A new one.
    init() {
        let secret = Sodium.randomBytes(Self.secretLength)
        text = Self.prefix + Base64URL.encode(secret + Self.checksum(of: secret))
    }

    /// Nil for what cannot be one, by its length, its letters or its checksum.
    init?(_ text: String) {
        guard text.utf8.count == Self.length, text.utf8.starts(with: Self.prefix.utf8),
            let bytes = Base64URL.decode(text.utf8.dropFirst(Self.prefix.utf8.count)),
            Sodium.areEqual(Self.checksum(of: Array(bytes.prefix(Self.secretLength))), Array(bytes.dropFirst(Self.secretLength)))
        else { return nil }
        self.text = text
    }

    /// What it is stored and found by.
    var hash: String { Fingerprint.of(Data(text.utf8)) }

    private static func checksum(of secret: [UInt8]) -> [UInt8] {
        Array(Sodium.sha256(secret).prefix(checksumLength))
    }
}
