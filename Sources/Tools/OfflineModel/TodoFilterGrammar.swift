/// Reads which todos are meant: `open todos due this week`, `my completed tasks`, `everything about milk`.
///
/// Every word must be understood; a phrase with any other word is none of this grammar's.
struct TodoFilterGrammar: Sendable {
    let dates: DateGrammar

    enum Reading: Sendable {
        case filter(TodoFilter)
        case impossible(String)
    }

    /// Words that say nothing about which todos.
    private static let filler: Set<String> = [
        "my", "the", "todo", "todos", "task", "tasks", "item", "items", "list", "lists", "to", "do", "does", "thing", "things", "stuff",
        "entries", "reminders", "any", "me", "of", "on", "in", "plate", "agenda", "still", "that", "which", "are", "is", "i", "have", "has",
        "there", "now", "currently", "ones", "one", "anything", "something", "need", "needs", "due", "be", "been", "for", "at", "here", "up",
        "coming", "with", "a", "date", "dates", "mine", "schedule", "scheduled", "calendar", "next", "work", "and", "please", "must", "should",
        "get", "got", "overview", "yet", "so", "far", "us", "actually", "else", "we", "can", "you", "what", "go", "everybody", "left", "moment",
    ]
    private static let open: PhraseList = [
        "open", "pending", "outstanding", "remaining", "remains", "unfinished", "incomplete", "undone", "active", "not done", "not yet done",
        "not completed", "not finished", "not complete", "unchecked",
    ]
    private static let completed: PhraseList = [
        "completed", "done", "finished", "closed", "checked", "complete", "checked off", "ticked off", "ticked",
    ]
    private static let all: PhraseList = ["all", "everything", "every", "whole", "entire", "full", "complete list"]
    private static let undated: PhraseList = [
        "undated", "without a due date", "without due date", "without a date", "without date", "without dates", "no due date",
        "with no due date", "no date", "with no date", "without a deadline", "unscheduled", "someday",
    ]
    private static let about: PhraseList = [
        "about", "matching", "containing", "that contain", "that contains", "named", "called", "like", "mentioning", "that mention",
        "with the word", "related to", "regarding",
    ]
    private static let possessive: [String: String] = ["today's": "today", "tomorrow's": "tomorrow"]

    /// Words without which a phrase of filler speaks of no list.
    private static let anchors: Set<String> = [
        "todo", "todos", "task", "tasks", "item", "items", "list", "lists", "agenda", "plate", "left", "due", "next", "schedule", "scheduled",
        "calendar", "things", "stuff", "reminders", "do", "have", "still", "overview", "up", "on", "anything", "there", "to",
    ]

    /// Whether the phrase names todos or tells them apart, so that it can stand alone as a question.
    func standsAlone(_ phrase: Phrase) -> Bool {
        let names: Set<String> = ["todo", "todos", "task", "tasks", "items", "list", "agenda", "schedule", "reminders", "left"]
        guard case .filter(let filter)? = read(phrase) else { return read(phrase) != nil }
        return filter != TodoFilter() || phrase.tokens.contains { $0.isWord(in: names) }
    }

    /// Tokens before the words to search for: no question about a list is longer.
    private static let longest = 64

    func read(_ phrase: Phrase) -> Reading? {
        var filter = TodoFilter()
        var index = phrase.start
        while index < phrase.end {
            guard index - phrase.start < TodoFilterGrammar.longest else { return nil }
            if let token = phrase[index], token.isQuoted {
                filter.query = token.text
                index += 1
            } else if let next = TodoFilterGrammar.about.match(in: phrase, at: index) {
                let rest = phrase[next..<phrase.end].trimmed.dropping(first: ["the", "a", "an", "my"])
                guard !rest.isEmpty else { return nil }
                filter.query = rest.written
                index = phrase.end
            } else if let match = dates.matchRange(in: phrase, at: index) ?? possessive(phrase, index) {
                guard case .range(let range) = match.spoken else { return TodoFilterGrammar.problem(match.spoken) }
                filter.due = range
                index = match.end
            } else if let next = readWord(in: phrase, at: index, into: &filter) {
                index = next
            } else {
                return nil
            }
        }
        guard filter != TodoFilter() || phrase.tokens.contains(where: { $0.isWord(in: TodoFilterGrammar.anchors) || isStatus($0) }) else {
            return nil
        }
        return .filter(filter)
    }

    private func isStatus(_ token: Token) -> Bool {
        token.isWord(in: ["open", "pending", "outstanding", "remaining", "remains", "unfinished", "incomplete", "undone", "active", "unchecked"])
    }

    private func readWord(in phrase: Phrase, at index: Int, into filter: inout TodoFilter) -> Int? {
        if let next = TodoFilterGrammar.undated.match(in: phrase, at: index) {
            filter.isUndated = true
            return next
        }
        if let next = TodoFilterGrammar.open.match(in: phrase, at: index) {
            filter.status = .open
            return next
        }
        if let next = TodoFilterGrammar.all.match(in: phrase, at: index) {
            if filter.status == .open { filter.status = .all }
            return next
        }
        if let next = TodoFilterGrammar.completed.match(in: phrase, at: index) {
            filter.status = .completed
            return next
        }
        guard let token = phrase[index], token.kind == .mark || token.isWord(in: TodoFilterGrammar.filler) else { return nil }
        if token.folded == "left" { filter.status = .open }
        return index + 1
    }

    /// `today's`.
    private func possessive(_ phrase: Phrase, _ index: Int) -> DateGrammar.RangeMatch? {
        guard let token = phrase[index], let day = TodoFilterGrammar.possessive[token.folded] else { return nil }
        guard let match = dates.matchRange(in: Tokenizer.phrase(day), at: 0) else { return nil }
        return DateGrammar.RangeMatch(spoken: match.spoken, end: index + 1)
    }

    private static func problem(_ spoken: DateGrammar.SpokenRange) -> Reading? {
        if case .impossible(let sentence) = spoken { .impossible(sentence) } else { nil }
    }
}
