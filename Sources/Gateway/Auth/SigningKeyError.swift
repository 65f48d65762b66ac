/// Why a signing key was refused. What it says never holds the key.
public enum SigningKeyError: Error, Sendable, Hashable {
    case missing
    case tooShort(bytes: Int)
    case oneLetter
    case surroundedBySpace
    case tooMany
    case repeated
    case unreadableFile(path: String, reason: String)
    case openFile(path: String)
    case noRandomNumbers
}

extension SigningKeyError: CustomStringConvertible {
    private static let advice = "Make one with: openssl rand -base64 32"

    public var description: String {
        switch self {
        case .missing: "AGENT_SECRET is empty, or one of its two keys is. \(Self.advice)"
        case .tooShort(let bytes): "AGENT_SECRET must have at least \(SigningKeys.minimumLength) bytes; it has \(bytes). \(Self.advice)"
        case .oneLetter: "AGENT_SECRET is one letter again and again. \(Self.advice)"
        case .surroundedBySpace: "AGENT_SECRET, or one of its two keys, begins or ends with white space; take that away."
        case .tooMany: "AGENT_SECRET holds more than two keys; write NEW,OLD to rotate (a key cannot hold a comma)."
        case .repeated: "The two keys of AGENT_SECRET are the same; write NEW,OLD to rotate."
        case .unreadableFile(let path, let reason): "The signing key cannot be kept in \(path): \(reason)."
        case .openFile(let path): "The signing key in \(path) can be read by other accounts; run: chmod 600 \(path)"
        case .noRandomNumbers: "The machine offers no random numbers to make a signing key from."
        }
    }
}
