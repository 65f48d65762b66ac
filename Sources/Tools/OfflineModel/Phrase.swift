/// A stretch of a message: its tokens, and the source to quote it as the person wrote it.
struct Phrase: Sendable {
    let source: [Unicode.Scalar]
    var tokens: ArraySlice<Token>

    var isEmpty: Bool { tokens.isEmpty }
    var count: Int { tokens.count }
    var start: Int { tokens.startIndex }
    var end: Int { tokens.endIndex }

    /// Nil when there is no such token.
    subscript(index: Int) -> Token? {
        tokens.indices.contains(index) ? tokens[index] : nil
    }

    subscript(range: Range<Int>) -> Phrase {
        Phrase(source: source, tokens: tokens[range.clamped(to: tokens.indices)])
    }

    /// What the person wrote, on one line; a phrase that is one quotation is given without its marks.
    var written: String {
        guard let first = tokens.first, let last = tokens.last else { return "" }
        if tokens.count == 1, first.isQuoted { return first.text }
        return Phrase.collapsingSpace(source[first.range.lowerBound..<max(first.range.lowerBound, last.range.upperBound)])
    }

    /// Without the marks at both ends.
    var trimmed: Phrase {
        var phrase = self
        while phrase.tokens.first?.kind == .mark { phrase.tokens.removeFirst() }
        while phrase.tokens.last?.kind == .mark { phrase.tokens.removeLast() }
        return phrase
    }

    var trimmedAtStart: Phrase {
        var phrase = self
        while phrase.tokens.first?.kind == .mark { phrase.tokens.removeFirst() }
        return phrase
    }

    func starts(with words: String...) -> Bool {
        words.count <= count && zip(tokens, words).allSatisfy { $0.kind != .quoted && $0.folded == $1 }
    }

    /// Without the first of `leads` it starts with, if something is left after it.
    func dropping(first leads: PhraseList) -> Phrase {
        guard let next = leads.match(in: self, at: start), next < end else { return self }
        return self[next..<end]
    }

    /// Without the longest of `trails` it ends with, if something is left before it.
    func dropping(last trails: PhraseList) -> Phrase {
        for index in max(start + 1, end - trails.longest)..<max(start + 1, end) where trails.match(in: self, at: index) == end {
            return self[start..<index]
        }
        return self
    }

    static func collapsingSpace(_ scalars: ArraySlice<Unicode.Scalar>) -> String {
        var view = String.UnicodeScalarView()
        var pendingSpace = false
        for scalar in scalars {
            if Tokenizer.isSpace(scalar) {
                pendingSpace = !view.isEmpty
            } else {
                if pendingSpace { view.append(" ") }
                pendingSpace = false
                view.append(scalar)
            }
        }
        return String(view)
    }
}

/// Fixed phrases, each written as words with spaces, to be found at a place in a message.
struct PhraseList: Sendable, ExpressibleByArrayLiteral {
    private let byFirstWord: [String: [[String]]]
    /// The number of words of the longest phrase.
    let longest: Int

    init(arrayLiteral phrases: String...) {
        self.init(phrases)
    }

    init(_ phrases: [String]) {
        let all = phrases.map { $0.split(separator: " ").map(String.init) }.sorted { $0.count > $1.count }
        byFirstWord = Dictionary(grouping: all) { $0.first ?? "" }
        longest = all.first?.count ?? 0
    }

    /// Every way to take one word or none of each choice, in order: `[["on", "in"], ["", "my"], ["list"]]`.
    static func every(_ choices: [[String]]) -> [String] {
        choices.reduce([""]) { phrases, choice in
            phrases.flatMap { phrase in choice.map { phrase.isEmpty ? $0 : $0.isEmpty ? phrase : phrase + " " + $0 } }
        }
    }

    /// The end of the longest phrase that starts at `index`.
    func match(in phrase: Phrase, at index: Int) -> Int? {
        guard let first = phrase[index], !first.isQuoted, let candidates = byFirstWord[first.folded] else { return nil }
        for words in candidates where index + words.count <= phrase.end {
            let fits = words.indices.allSatisfy { offset in
                let token = phrase.tokens[index + offset]
                return !token.isQuoted && token.folded == words[offset]
            }
            if fits { return index + words.count }
        }
        return nil
    }
}
