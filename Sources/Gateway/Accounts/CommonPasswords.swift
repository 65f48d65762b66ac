/// Words that everybody's password is made of. They are kept bare: figures, signs, look-alike letters and repetition are taken away before.
enum CommonPasswords {
    private static let words = Set(text.split { $0 == " " || $0 == "\n" }.map { String($0) })

    static func contains(_ word: String) -> Bool {
        words.contains(word)
    }
}
