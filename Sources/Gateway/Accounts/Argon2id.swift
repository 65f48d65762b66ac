import CSodium

/// Argon2id of libsodium, with one lane: https://www.rfc-editor.org/rfc/rfc9106
///
/// Takes milliseconds of a processor and megabytes: only `PasswordHasher` calls it, on its own threads.
struct Argon2id: Sendable, Hashable {
    /// What OWASP asks for: https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html
    static let recommended = Argon2id(kibibytes: 19_456, passes: 2)

    /// Above this a stored hash is not verified: a row that was tampered with must not eat the memory of the machine.
    private static let limit = Argon2id(kibibytes: 65_536, passes: 10)

    let kibibytes: Int
    let passes: Int

    /// A PHC string with a salt of its own; nil without memory.
    func hash(_ password: Secret) -> String? {
        var text = [CChar](repeating: 0, count: Int(crypto_pwhash_argon2id_STRBYTES))
        let bytes = password.bytes.map { CChar(bitPattern: $0) }
        let code = crypto_pwhash_argon2id_str(&text, bytes, UInt64(bytes.count), UInt64(passes), kibibytes * 1_024)
        guard code == 0 else { return nil }
        return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// Nil for a stored text that is not a hash within the limits.
    static func verify(_ password: Secret, against hash: String) -> Bool? {
        guard isWithinLimits(hash) else { return nil }
        let text = hash.utf8.map { CChar(bitPattern: $0) } + [0]
        let bytes = password.bytes.map { CChar(bitPattern: $0) }
        return crypto_pwhash_argon2id_str_verify(text, bytes, UInt64(bytes.count)) == 0
    }

    /// Whether a stored hash was made at this cost or at a higher one.
    func isMet(by hash: String) -> Bool {
        Self.cost(of: hash).map { $0.kibibytes >= kibibytes && $0.passes >= passes } ?? false
    }

    private static func isWithinLimits(_ hash: String) -> Bool {
        cost(of: hash).map { (8...limit.kibibytes).contains($0.kibibytes) && (1...limit.passes).contains($0.passes) } ?? false
    }

    /// What `$argon2id$v=19$m=19456,t=2,p=1$SALT$TAG` says; nil for any other text.
    private static func cost(of hash: String) -> Argon2id? {
        let parts = hash.split(separator: "$", omittingEmptySubsequences: false)
        guard hash.utf8.count < Int(crypto_pwhash_argon2id_STRBYTES), !hash.utf8.contains(0), parts.count == 6, parts[1] == "argon2id",
            parts[2] == "v=19"
        else { return nil }
        let settings = parts[3].split(separator: ",", omittingEmptySubsequences: false)
        guard settings.count == 3, settings[0].hasPrefix("m="), settings[1].hasPrefix("t="), settings[2] == "p=1",
            let kibibytes = Int(settings[0].dropFirst(2)), let passes = Int(settings[1].dropFirst(2))
        else { return nil }
        return Argon2id(kibibytes: kibibytes, passes: passes)
    }
}
