/// One way to say something, written the way it is said:
///
///     "mark {todos} [as|to_be] done|finished"
///
/// `a|b` is a choice, `[a]` may be missing, `a_b` are two words in a choice, and `{slot}` is what the person fills in.
struct Pattern: Sendable, ExpressibleByStringLiteral {
    enum Slot: String, Sendable {
        /// Todos pointed at.
        case todos
        /// One todo pointed at by a single word: `3`, `it`.
        case one
        case day, span, filter
        /// A verb in the past: `bought`.
        case past
        /// Things to add.
        case items
        /// Something to add that starts with a plain errand: `buy milk`.
        case errand
        /// Anything at all.
        case text
    }

    enum Element: Sendable {
        case words([[String]], isOptional: Bool)
        case slot(Slot)
    }

    let elements: [Element]
    /// For each element that may not be missing, the words of which the phrase must hold one.
    fileprivate let needs: [[String]]

    init(stringLiteral text: String) {
        elements = text.split(separator: " ").map { Pattern.element(String($0)) }
        needs = elements.compactMap { if case .words(let choices, isOptional: false) = $0 { choices.compactMap(\.first) } else { nil } }
    }

    private static func element(_ text: String) -> Element {
        if text.hasPrefix("{"), let slot = Slot(rawValue: String(text.dropFirst().dropLast())) { return .slot(slot) }
        let isOptional = text.hasPrefix("[")
        let choices = (isOptional ? text.dropFirst().dropLast() : text[...]).split(separator: "|")
        return .words(choices.map { $0.split(separator: "_").map(String.init) }, isOptional: isOptional)
    }

    /// The words it can start with; nil when it starts with a slot.
    var firstWords: Set<String>? {
        var words: Set<String> = []
        for element in elements {
            guard case .words(let choices, let isOptional) = element else { return nil }
            words.formUnion(choices.compactMap(\.first))
            if !isOptional { return words }
        }
        return words
    }
}

/// Finds patterns in a phrase, in time linear in its length: a slot that something follows holds at most `longestInnerSlot` tokens.
struct PatternMatcher {
    enum Extent {
        /// The pattern must take the whole phrase.
        case whole
        /// It may end before a connective or a mark; a slot at the end reaches to the next one.
        case opening
    }

    typealias Slots = [Pattern.Slot: Phrase]

    struct Match {
        var slots: Slots = [:]
        /// The index after the last token it takes.
        var end: Int
    }

    static let longestInnerSlot = 64

    /// How far into a phrase an opening is looked for.
    private static let openingReach = 2 * longestInnerSlot

    let phrase: Phrase
    let extent: Extent
    let accepts: (Pattern.Slot, Phrase) -> Bool
    private let words: Set<String>

    init(_ phrase: Phrase, _ extent: Extent, accepts: @escaping (Pattern.Slot, Phrase) -> Bool) {
        self.phrase = phrase
        self.extent = extent
        self.accepts = accepts
        words = Set(phrase.tokens.prefix(extent == .whole ? phrase.count : PatternMatcher.openingReach).map(\.folded))
    }

    func match(_ pattern: Pattern) -> Match? {
        guard pattern.needs.allSatisfy({ $0.contains(where: words.contains) }) else { return nil }
        var match = Match(end: phrase.start)
        return self.match(pattern.elements[...], at: phrase.start, into: &match) ? match : nil
    }

    private func match(_ elements: ArraySlice<Pattern.Element>, at index: Int, into match: inout Match) -> Bool {
        guard let element = elements.first else {
            match.end = index
            return isEnd(index)
        }
        let rest = elements.dropFirst()
        switch element {
        case .words(let choices, let isOptional):
            for words in choices {
                if let next = end(of: words, at: index), self.match(rest, at: next, into: &match) { return true }
            }
            return isOptional && self.match(rest, at: index, into: &match)
        case .slot(let slot):
            return fill(slot, then: rest, at: index, into: &match)
        }
    }

    private func fill(_ slot: Pattern.Slot, then rest: ArraySlice<Pattern.Element>, at index: Int, into match: inout Match) -> Bool {
        if rest.isEmpty {
            let end = extent == .whole ? phrase.end : nextConnective(from: index)
            match.end = end
            return capture(slot, index..<end, into: &match.slots)
        }
        // `mark milk and eggs as done` holds its `and`; at the very start the words before it are another clause.
        let reachesOverConnectives = slot == .todos && index > phrase.start
        for end in stride(from: index + 1, through: min(index + PatternMatcher.longestInnerSlot, phrase.end), by: 1) {
            if extent == .opening, isConnective(end - 1), !reachesOverConnectives { return false }
            if self.match(rest, at: end, into: &match), capture(slot, index..<end, into: &match.slots) { return true }
        }
        return false
    }

    private func capture(_ slot: Pattern.Slot, _ range: Range<Int>, into slots: inout Slots) -> Bool {
        let captured = phrase[range].trimmed
        guard !captured.isEmpty, accepts(slot, captured) else { return false }
        slots[slot] = captured
        return true
    }

    private func end(of words: [String], at index: Int) -> Int? {
        guard index + words.count <= phrase.end else { return nil }
        for (offset, word) in words.enumerated() {
            let token = phrase.tokens[index + offset]
            guard !token.isQuoted, token.folded == word else { return nil }
        }
        return index + words.count
    }

    private func isEnd(_ index: Int) -> Bool {
        index >= phrase.end || (extent == .opening && isConnective(index))
    }

    private func isConnective(_ index: Int) -> Bool {
        phrase[index].map(Connective.isOne) ?? false
    }

    private func nextConnective(from index: Int) -> Int {
        var end = min(index + 1, phrase.end)
        while end < phrase.end, !isConnective(end), end - index < PatternMatcher.longestInnerSlot { end += 1 }
        return end
    }
}

/// What joins two clauses or two things: a comma, `and`, `then`.
enum Connective {
    private static let words: Set<String> = ["and", "then", "also", "but", "plus", "so", "afterwards", "additionally"]

    static func isOne(_ token: Token) -> Bool {
        token.isMark(",") || token.isWord(in: words)
    }
}
