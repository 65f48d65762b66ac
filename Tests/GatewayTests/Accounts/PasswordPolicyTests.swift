import Testing

@testable import Gateway

@Suite struct PasswordPolicyTests {
    private let policy = PasswordPolicy()

    /// R-020: counted in code points, and no kind of character is asked for.
    @Test(arguments: [
        ("elevenchars", true), ("twelve chars", false), (String(repeating: "lorem ipsum dolor ", count: 14) + "amet", false),
        (String(repeating: "lorem ipsum dolor ", count: 14) + "amet.", true), ("été à la mer", false), ("日本語日本語の長い合言葉", false),
        (String(repeating: "🌲🚲🍋🦉", count: 64) + "x", true), (String(repeating: "lorem ipsum ", count: 100_000), true),
    ])
    func r020_lengthIsCountedInCodePoints(password: String, isRefused: Bool) {
        #expect((policy.fault(of: password, context: []) != nil) == isRefused)
    }

    @Test func theMinimumCannotGoUnderEight() {
        #expect(PasswordPolicy(minimumLength: 1).minimumLength == 8)
        #expect(PasswordPolicy(minimumLength: .max).minimumLength == 256)
        #expect(PasswordPolicy(minimumLength: 8).fault(of: "xkcdzorb", context: []) == nil)
        #expect(PasswordPolicy(minimumLength: 15).fault(of: "fourteen chars", context: []) != nil)
    }

    /// R-023.
    @Test(arguments: [
        "password123password", "qwertyuiopasdfg", "Password1234", "P@ssw0rd2024!", "passwordpassword", "123456789012", "111111111111", "abcabcabcabc",
        "iloveyou1234", "1qaz2wsx3edc", "qazwsxedcrfv", "Welcome2024!", "letmein12345", "abcdefghijkl", "zyxwvutsrqpo", "monkey-monkey",
        "drowssap1234",
        "0987654321qwerty", "trustno1trustno1", "!!!!!!!!!!!!", "aaaabbbbcccc", "Sunshine#2023", "superman12345", "asdfghjklqwerty", "agentagent12",
        "todo-assistant-1", "1q2w3e4r5t6y", "L3tm31n!!!!!", "bernard_1990!",
    ])
    func r023_whatIsGuessedEarlyIsRefused(password: String) {
        #expect(policy.fault(of: password, context: []) != nil)
    }

    /// R-023.
    @Test(arguments: [
        "zebulonk1234", "zebulonkzebulonk", "zebulonk@example.org", "Zebulonk-2024!", "zebulonkpassword", "quillfeather1", "z3bul0nk1990",
    ])
    func r023_whatBelongsToTheAccountIsRefused(password: String) {
        #expect(policy.fault(of: password, context: ["zebulonk@example.org", "Quillfeather"]) != nil)
    }

    @Test(arguments: [
        "correct horse battery staple", "seven quiet lanterns", "test-password-123", "tr0ub4dor&3xyz", "kV9#mQ2$xL7@", "a long enough password",
        "zebulonk likes rain in june", "mississippi mud pie recipe",
    ])
    func whatIsHardToGuessIsTaken(password: String) {
        #expect(policy.fault(of: password, context: ["zebulonk@example.org", "Quillfeather"]) == nil)
    }
}
