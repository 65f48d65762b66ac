/// A password that an operator gives to a person, who has to exchange it at the first sign-in.
enum OneTimePassword {
    /// How long it can be exchanged.
    static let lifetime = Duration.seconds(72 * 3_600)

    /// Letters and figures that nobody takes for one another, 32 of them: https://www.crockford.com/base32.html
    private static let alphabet = Array("0123456789abcdefghjkmnpqrstvwxyz")

    /// 100 bits in groups of five characters.
    static func make() -> String {
        let groups = (0..<4).map { _ in String(Sodium.randomBytes(5).map { alphabet[Int($0 & 31)] }) }
        return groups.joined(separator: "-")
    }
}
