/// Tells passwords that are guessed early: common ones, however they are decorated, patterns, and what belongs to the account itself.
enum GuessablePassword {
    /// Words of this product.
    private static let product = ["agentruntime", "assistant", "agent", "todos", "todo"]

    /// Rows and columns of keyboards, and orders that everybody knows; each is also looked at backwards.
    private static let walks: [[UInt8]] = {
        let forward = [
            "abcdefghijklmnopqrstuvwxyz", "01234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm", "qwertzuiop", "yxcvbnm", "azertyuiop",
            "qsdfghjklm", "wxcvbn", "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p", "qazwsxedcrfvtgbyhnujmikolp", "1q2w3e4r5t6y7u8i9o0p", "!@#$%^&*()",
        ]
        return forward.flatMap { [Array($0.utf8), Array($0.utf8.reversed())] }
    }()

    static func isGuessable(_ password: String, context: [String]) -> Bool {
        let lower = password.lowercased()
        if isPattern(Array(lower.utf8)) { return true }
        return spellings(of: lower).contains { spelling in
            isCommon(spelling) || isCommon(String(spelling.reversed())) || isContext(spelling, words(of: context))
        }
    }

    /// Figures and signs that stand for a letter.
    private static let lookalikes: [Character: Character] = [
        "0": "o", "1": "i", "3": "e", "4": "a", "5": "s", "7": "t", "8": "b", "9": "g", "@": "a", "$": "s", "!": "i", "+": "t",
    ]

    /// The text, and the text and what is between its decorations with figures read as the letters that they stand for.
    private static func spellings(of text: String) -> [String] {
        let core = text.drop { !$0.isLetter }.reversed().drop { !$0.isLetter }.reversed()
        return [text]
            + [text, String(core)].flatMap { text in
                [String(text.map { lookalikes[$0] ?? $0 }), String(text.map { $0 == "1" || $0 == "!" ? "l" : lookalikes[$0] ?? $0 })]
            }
    }

    /// Common as it stands, without what is not a letter, or as one common word again and again.
    private static func isCommon(_ text: String) -> Bool {
        let letters = text.filter(\.isLetter)
        return [text, letters, unit(of: text), unit(of: letters)].contains { CommonPasswords.contains($0) }
    }

    /// Nothing is left, or next to nothing, or something common, when the words of the account are taken away.
    private static func isContext(_ text: String, _ words: [String]) -> Bool {
        let rest = words.reduce(text) { rest, word in rest.split(separator: word, omittingEmptySubsequences: true).joined() }
        guard rest != text else { return false }
        let letters = rest.filter(\.isLetter)
        return letters.count < 4 || isCommon(letters) || isPattern(Array(rest.utf8))
    }

    /// The words of at least three letters in an address or a name, longest first, and those of the product.
    private static func words(of context: [String]) -> [String] {
        let own = context.map { $0.lowercased() }.flatMap { text in
            [text, String(text.prefix { $0 != "@" })] + text.split { !$0.isLetter && !$0.isNumber }.map { String($0) }
        }
        return (own.filter { $0.count >= 3 } + product).sorted { $0.count > $1.count }
    }

    /// The shortest text that, again and again, makes this one.
    private static func unit(of text: String) -> String {
        let bytes = Array(text.utf8)
        for length in 1..<max(2, bytes.count / 2 + 1) where length < bytes.count && bytes.count % length == 0 {
            if bytes.indices.allSatisfy({ bytes[$0] == bytes[$0 % length] }) { return String(decoding: bytes[..<length], as: UTF8.self) }
        }
        return text
    }

    /// Few characters again and again, or runs along a keyboard or an order.
    private static func isPattern(_ bytes: [UInt8]) -> Bool {
        if Set(bytes).count < 4 || unit(of: String(decoding: bytes, as: UTF8.self)).utf8.count <= 4 { return true }
        var position = 0
        var runs = 0
        while position < bytes.count {
            position += longestRun(bytes[position...])
            runs += 1
        }
        // On average every run is four characters or more.
        return runs * 4 <= bytes.count
    }

    /// How far the bytes go along one of the walks, or repeat their first: at least 1.
    private static func longestRun(_ bytes: ArraySlice<UInt8>) -> Int {
        guard let first = bytes.first else { return 1 }
        let repeated = bytes.prefix { $0 == first }.count
        let walked = walks.map { walk in
            walk.indices.filter { walk[$0] == first }.map { start in zip(bytes, walk[start...]).prefix { $0 == $1 }.count }.max() ?? 1
        }
        return max(repeated, walked.max() ?? 1)
    }
}
