/// Which passwords an account may have: long ones that nobody guesses first. No rule asks for kinds of characters.
///
/// https://pages.nist.gov/800-63-4/sp800-63b.html#passwordver
public struct PasswordPolicy: Sendable {
    /// Under this no configuration can go.
    static let floor = 8

    /// In code points.
    public let minimumLength: Int

    public init(minimumLength: Int = 12) {
        self.minimumLength = min(max(minimumLength, Self.floor), Password.maximumLength)
    }

    /// What is wrong with a password, in a sentence; nil when it may be taken.
    /// - Parameter context: Words that an attacker tries first for this account: the address and the name.
    func fault(of text: String, context: [String]) -> String? {
        guard let password = Password(text) else { return "must have at most \(Password.maximumLength) characters" }
        guard password.length >= minimumLength else { return "must have at least \(minimumLength) characters" }
        return GuessablePassword.isGuessable(password.text, context: context)
            ? "is too easy to guess; a few unrelated words in a row are long and easy to remember" : nil
    }
}
