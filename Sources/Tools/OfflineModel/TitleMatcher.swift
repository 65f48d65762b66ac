import Foundation

/// Finds the todos whose titles a person's words point at: the best kind of match that any title reaches.
struct TitleMatcher: Sendable {
    let wording: TodoReference.Wording
    private let folded: String
    private let words: [String]
    private let content: [String]

    init(_ wording: TodoReference.Wording) {
        self.wording = wording
        words = TitleMatcher.words(of: wording.written)
        folded = words.joined(separator: " ")
        content = TitleMatcher.content(of: words)
    }

    /// Empty when none matches, several when the words fit several equally well.
    func matches(among todos: [ListedTodo]) -> [ListedTodo] {
        guard !words.isEmpty else { return [] }
        let graded = todos.compactMap { todo in grade(todo.title).map { (grade: $0, todo: todo) } }
        if wording.isPlural { return graded.filter { $0.grade <= .prefixes }.map(\.todo) }
        guard let best = graded.map(\.grade).min() else { return [] }
        let equals = graded.filter { $0.grade == best }.map(\.todo)
        guard equals.count > 1, let verb = wording.verb else { return equals }
        let sameVerb = equals.filter { TitleMatcher.words(of: $0.title).contains { TitleMatcher.stem($0) == TitleMatcher.stem(verb) } }
        return sameVerb.isEmpty ? equals : sameVerb
    }

    /// Whether the words are the whole title or a part of it as it stands.
    func isLiteral(_ todo: ListedTodo) -> Bool {
        grade(todo.title).map { $0 <= .phrase } ?? false
    }

    // MARK: Grades

    private enum Grade: Int, Comparable {
        case same, phrase, words, prefixes, titleInside

        static func < (left: Grade, right: Grade) -> Bool { left.rawValue < right.rawValue }
    }

    private func grade(_ title: String) -> Grade? {
        let titleWords = TitleMatcher.words(of: title)
        let foldedTitle = titleWords.joined(separator: " ")
        if foldedTitle == folded { return .same }
        if " \(foldedTitle) ".contains(" \(folded) ") { return .phrase }
        let stems = Set(titleWords.map(TitleMatcher.stem))
        if content.allSatisfy({ stems.contains(TitleMatcher.stem($0)) }) { return .words }
        if content.allSatisfy({ word in word.utf8.count >= 3 && titleWords.contains { $0.hasPrefix(word) } }) { return .prefixes }
        // `I bought the milk at the market` means `milk`; `delete oat milk` does not.
        let own = TitleMatcher.content(of: titleWords).map(TitleMatcher.stem).filter { stem in
            wording.verb.map { TitleMatcher.stem($0) != stem } ?? true
        }
        let said = Set(content.map(TitleMatcher.stem))
        return wording.verb != nil && !own.isEmpty && own.allSatisfy(said.contains) ? .titleInside : nil
    }

    // MARK: Words

    private static let empty: Set<String> = [
        "the", "a", "an", "my", "our", "to", "of", "for", "with", "from", "at", "on", "in", "up", "out", "off", "and", "some", "about", "todo",
        "task", "one", "that", "this", "all", "doing", "it",
    ]

    private static func content(of words: [String]) -> [String] {
        let content = words.filter { !empty.contains($0) }
        return content.isEmpty ? words : content
    }

    private static func words(of text: String) -> [String] {
        plain(Tokenizer.fold(text)).split { !isPartOfWord($0) }.map { word in
            let bare = word.hasSuffix("'s") ? word.dropLast(2) : word
            return String(bare.filter { $0 != "'" })
        }.filter { !$0.isEmpty }
    }

    private static func isPartOfWord(_ character: Character) -> Bool {
        character.isLetter || character.isNumber || character == "'" || !(character.isASCII || character.isPunctuation || character.isWhitespace)
    }

    /// Without accents, as the todos' own search has it.
    private static func plain(_ text: String) -> String {
        if text.utf8.allSatisfy({ $0 < 0x80 }) { return text }
        var plain = String.UnicodeScalarView()
        plain.append(
            contentsOf: text.decomposedStringWithCompatibilityMapping.unicodeScalars.lazy.filter {
                $0.properties.canonicalCombiningClass == .notReordered
            }
        )
        return String(plain).precomposedStringWithCanonicalMapping
    }

    /// Enough for `egg` and `eggs`, `call` and `called`.
    private static func stem(_ word: String) -> String {
        guard word.utf8.count > 3 else { return word }
        if word.hasSuffix("ies") { return word.dropLast(3) + "y" }
        for ending in ["ing", "ed", "es"] where word.hasSuffix(ending) && word.utf8.count > ending.utf8.count + 2 {
            return String(word.dropLast(ending.utf8.count))
        }
        if word.hasSuffix("s"), !word.hasSuffix("ss") { return String(word.dropLast()) }
        return word.hasSuffix("e") ? String(word.dropLast()) : word
    }
}
