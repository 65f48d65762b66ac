/// Reads what todos a phrase points at. Whatever is none of the fixed forms is taken as words of a title.
struct TodoReferenceGrammar: Sendable {
    let filters: TodoFilterGrammar

    private static let leads: PhraseList = [
        "my todo", "the todo", "todo", "todos", "the todos", "my todos", "task", "tasks", "the task", "the tasks", "my task", "my tasks", "item",
        "items", "the item", "the items", "number", "numbers", "no", "no .", "nr", "nr .", "todo number", "task number", "item number",
        "the one about", "the one with", "the one called", "the one named", "todo called", "the todo called", "task called", "the task called",
        "the reminder to", "the reminder about", "the todo about", "the task about",
    ]
    private static let articles: PhraseList = ["the", "my", "a", "an", "some", "that", "this", "our", "those", "these"]
    private static let trails = PhraseList(
        PhraseList.every([["from", "off", "on", "in"], ["", "my", "the", "our"], ["", "todo", "to do", "shopping"], ["list", "todos", "tasks"]])
            + [
                "todo", "task", "item", "todos", "tasks", "items", "one", "already", "now", "too", "as well", "today", "yesterday", "just now",
                "again", "please", "instead", "entry",
            ])
    private static let singular: PhraseList = [
        "it", "that", "this", "that one", "this one", "the one", "that todo", "this todo", "the todo", "the task", "that task", "this task",
        "one",
    ]
    private static let plural: PhraseList = [
        "them", "both", "both of them", "these", "those", "all of them", "all of those", "all of these", "all three", "them all", "those two",
        "these two", "the two", "them both", "the two of them", "all of it",
    ]
    private static let last: PhraseList = [
        "last", "the last", "last one", "the last one", "the latest", "the latest one", "the newest", "the newest one", "my last todo",
        "the last todo",
    ]
    private static let every: Set<String> = ["everything", "all", "every", "each", "whole", "list", "rest"]

    /// Empty only for an empty phrase.
    func read(_ phrase: Phrase, verb: String? = nil) -> [TodoReference] {
        let phrase = phrase.trimmed
        guard !phrase.isEmpty else { return [] }
        if let fixed = fixed(phrase) { return fixed }
        let parts = TodoReferenceGrammar.parts(of: phrase)
        guard parts.count > 1 else { return single(phrase, verb) }
        let references = parts.prefix(OfflineLimits.references).flatMap { fixed($0) ?? single($0, verb) }
        return references.allSatisfy(\.isWords) ? [.either(wording(phrase, verb), or: references)] : references
    }

    // MARK: One part

    private func fixed(_ phrase: Phrase) -> [TodoReference]? {
        let bare = phrase.dropping(last: TodoReferenceGrammar.trails)
        for candidate in [phrase, bare] {
            if TodoReferenceGrammar.plural.match(in: candidate, at: candidate.start) == candidate.end { return [.them] }
            if TodoReferenceGrammar.last.match(in: candidate, at: candidate.start) == candidate.end { return [.last] }
            if TodoReferenceGrammar.singular.match(in: candidate, at: candidate.start) == candidate.end { return [.it] }
        }
        return numbers(bare) ?? ordinal(bare) ?? every(phrase)
    }

    private func single(_ phrase: Phrase, _ verb: String?) -> [TodoReference] {
        let isPlural = phrase.starts(with: "all") || phrase.starts(with: "every")
        let rest = isPlural ? phrase[(phrase.start + 1)..<phrase.end] : phrase
        var wording = wording(rest.isEmpty ? phrase : rest, verb)
        wording.isPlural = isPlural && !rest.isEmpty
        return [.words(wording)]
    }

    private func wording(_ phrase: Phrase, _ verb: String?) -> TodoReference.Wording {
        let core = phrase.dropping(first: TodoReferenceGrammar.leads).trimmed
            .dropping(last: TodoReferenceGrammar.trails).trimmed.dropping(first: TodoReferenceGrammar.articles)
        return TodoReference.Wording(written: (core.isEmpty ? phrase : core).written, verb: verb)
    }

    /// `3`, `#3 and 4`, `todos 1, 2 and 5`, `1-3`, `1 to 3`.
    private func numbers(_ phrase: Phrase) -> [TodoReference]? {
        let phrase = phrase.dropping(first: TodoReferenceGrammar.leads)
        var numbers: [Int] = []
        var index = phrase.start
        var isRange = false
        while index < phrase.end, let token = phrase[index] {
            if let number = token.number {
                if isRange, let first = numbers.last, number > first, number - first < OfflineLimits.references {
                    numbers.append(contentsOf: (first + 1)...number)
                } else {
                    numbers.append(number)
                }
                isRange = false
            } else if let range = TodoReferenceGrammar.hyphenated(token) {
                numbers.append(contentsOf: range)
            } else if token.isWord(in: ["to", "through", "until"]) || token.isMark("-") {
                guard !numbers.isEmpty, !isRange else { return nil }
                isRange = true
            } else if !token.isMark(","), !token.isWord(in: ["and", "or", "#", "number", "todo", "task", "item"]) {
                return nil
            }
            index += 1
        }
        return numbers.isEmpty || isRange ? nil : numbers.map(TodoReference.number)
    }

    /// `1-3` or `#1-#3`.
    private static func hyphenated(_ token: Token) -> ClosedRange<Int>? {
        guard token.kind == .word, token.folded.utf8.count <= 12 else { return nil }
        let ends = token.folded.split(whereSeparator: { $0 == "-" || $0 == "–" }).map { Int($0.drop { $0 == "#" }) }
        guard ends.count == 2, let first = ends[0], let last = ends[1], first <= last, last - first < OfflineLimits.references else { return nil }
        return first...last
    }

    /// `the third one`, `the first two`.
    private func ordinal(_ phrase: Phrase) -> [TodoReference]? {
        let rest = phrase.dropping(first: TodoReferenceGrammar.articles)
        guard let token = rest[rest.start], token.kind == .word, let number = CalendarWords.ordinal(token.folded) else { return nil }
        if rest.count == 1 { return [.ordinal(number)] }
        guard rest.count == 2, number == 1, let count = rest[rest.start + 1].flatMap({ $0.number ?? CalendarWords.numbers[$0.folded] }) else {
            return nil
        }
        return (1...max(1, min(count, OfflineLimits.references))).map(TodoReference.ordinal)
    }

    /// `everything`, `all overdue todos`, `my whole list`.
    private func every(_ phrase: Phrase) -> [TodoReference]? {
        let isEvery = phrase.tokens.prefix(4).contains { $0.isWord(in: TodoReferenceGrammar.every) }
        let isTodos = phrase.tokens.contains { $0.isWord(in: ["todos", "tasks", "items", "ones"]) }
        guard isEvery || isTodos, case .filter(var filter)? = filters.read(phrase) else { return nil }
        if filter.status == .open, !phrase.tokens.contains(where: { $0.isWord(in: ["open", "pending", "unfinished", "incomplete"]) }) {
            filter.status = .all
        }
        return [.every(filter)]
    }

    // MARK: Several parts

    private static func parts(of phrase: Phrase) -> [Phrase] {
        var parts: [Phrase] = []
        var start = phrase.start
        for index in phrase.start..<phrase.end {
            guard let token = phrase[index], token.isMark(",") || token.isWord(in: ["and", "plus"]) else { continue }
            parts.append(phrase[start..<index].trimmed)
            start = index + 1
        }
        parts.append(phrase[min(start, phrase.end)..<phrase.end].trimmed)
        return parts.filter { !$0.isEmpty }
    }
}

extension TodoReference {
    fileprivate var isWords: Bool {
        if case .words = self { true } else { false }
    }
}
