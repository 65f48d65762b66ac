import AgentRuntime

/// Reads what is to be added: `milk and eggs for tomorrow` is two todos, both due tomorrow.
///
/// Commas and `and` separate todos after a thing (`milk and eggs`). After an errand they do so only when another errand follows
/// (`buy milk and call mom`, but `buy salt and pepper`), or when the first has its own day. Quotations and fixed pairs stay whole.
/// A day at the end holds for all before it that have none; a day at the start holds for all.
struct NewTodoGrammar: Sendable {
    let dates: DateGrammar

    enum Reading: Sendable {
        case todos([NewTodo])
        case impossible(String)
    }

    /// Which list it is put on; there is one.
    private static let targets = PhraseList(
        PhraseList.every([["to", "on", "in", "onto", "into"], ["", "my", "the", "our"], kinds, ["list", "lists", "todos", "tasks"]])
            + ["as a todo", "as a task", "as todo", "as todos", "as tasks", "as a new todo", "to do"])
    private static let kinds = ["", "todo", "to do", "task", "shopping", "grocery"]
    private static let leads: PhraseList = [
        "a todo", "a todo to", "a todo for", "a todo called", "a todo named", "a todo saying", "a new todo", "a new todo to",
        "a new todo called", "a new todo for", "the todo", "todo", "todo to", "todo called", "todos", "the todos", "new todo", "new todos",
        "two todos", "these todos", "the following todos", "the following", "a task", "a task to", "a task for", "a task called", "a new task",
        "a new task to", "a new task called", "task", "task to", "tasks", "new task", "new tasks", "another todo", "another task", "a reminder",
        "a reminder to", "a reminder for", "a reminder about", "reminder", "reminder to", "an item", "an item called", "item", "items",
        "the task", "the item", "these", "this", "to my list", "to the list", "to my todo list", "to my todos", "to buy list", "some todos",
        "some tasks", "one called", "one more", "one more todo", "one more task",
    ]
    private static let articles: Set<String> = ["a", "an", "some", "the", "also", "both"]
    /// Pairs that are one thing.
    private static let pairs: Set<String> = [
        "salt and pepper", "bread and butter", "mac and cheese", "fish and chips", "peanut butter and jelly", "gin and tonic",
        "bed and breakfast", "pros and cons", "terms and conditions", "black and white", "food and drinks", "nuts and bolts",
        "research and development", "cup and saucer", "bucket and spade", "q and a", "r and d", "arts and crafts", "health and safety",
        "rock and roll", "pots and pans", "odds and ends",
    ]
    private static let companions: Set<String> = ["with", "between", "both"]
    /// A day in the middle counts when one of these follows: `call mom tomorrow about the party`.
    private static let continuations: Set<String> = ["about", "at", "with", "for", "from", "in", "regarding", "before", "after", "to"]
    private static let errandLeads: PhraseList = ["to", "also", "then", "i need to", "i have to"]
    /// What may stand between a day at the start and what is due on it.
    private static let dayLeads: PhraseList = ["to", "that", "about", "i need to", "i have to", "that i need to", "that i have to", "i need"]
    private static let noteLeads: PhraseList = ["with note", "with the note", "with a note", "with a note saying", "with notes", "note :", "notes :"]

    func read(_ phrase: Phrase) -> Reading {
        var body = phrase.trimmed
        var common: Day?
        var problem: String?
        func note(_ spoken: SpokenDay) -> Day? {
            switch spoken {
            case .day(let day): return day
            case .impossible(let sentence):
                problem = problem ?? sentence
                return nil
            }
        }

        body = strippingTargets(body)
        if let leading = leadingDay(body) {
            common = note(leading.spoken)
            body = strippingTargets(leading.rest)
        }
        var drafts: [Draft] = []
        for part in parts(of: body) {
            drafts.append(draft(part, resolve: note))
        }
        if let problem { return .impossible(problem) }
        return .todos(NewTodoGrammar.spreading(common, over: drafts.filter { !$0.title.isEmpty }).map(\.todo))
    }

    // MARK: One todo

    private struct Draft {
        var title: String
        var due: Day?
        var notes: String?

        var todo: NewTodo { NewTodo(title: title, due: due, notes: notes) }
    }

    private func draft(_ part: Phrase, resolve: (SpokenDay) -> Day?) -> Draft {
        var body = part.dropping(first: NewTodoGrammar.errandLeads)
        var draft = Draft(title: "")
        if let split = note(in: body) {
            draft.notes = split.notes
            body = split.rest
        }
        body = body.dropping(last: NewTodoGrammar.targets)
        if let trailing = dates.trailingDay(body) {
            draft.due = resolve(trailing.spoken)
            body = trailing.rest.dropping(last: NewTodoGrammar.targets)
        }
        if let inner = innerDay(body), draft.due == nil {
            draft.due = resolve(inner.spoken)
            draft.title = [title(body[body.start..<inner.range.lowerBound]), body[inner.range.upperBound..<body.end].trimmed.written].joined(
                separator: " "
            )
        } else {
            draft.title = title(body)
        }
        return draft
    }

    private func title(_ phrase: Phrase) -> String {
        var body = phrase.trimmed
        if body.count > 1, let first = body.tokens.first, first.text == first.folded, first.isWord(in: NewTodoGrammar.articles) {
            body = body[(body.start + 1)..<body.end]
        }
        return body.trimmed.written
    }

    private func note(in phrase: Phrase) -> (rest: Phrase, notes: String)? {
        for index in phrase.start + 1..<max(phrase.start + 1, phrase.end) {
            guard let next = NewTodoGrammar.noteLeads.match(in: phrase, at: index) else { continue }
            let notes = phrase[next..<phrase.end].trimmed.written
            return notes.isEmpty ? nil : (phrase[phrase.start..<index].trimmed, notes)
        }
        return nil
    }

    // MARK: Days

    /// `for tomorrow: milk`, `on Friday to call mom`.
    private func leadingDay(_ phrase: Phrase) -> (rest: Phrase, spoken: SpokenDay)? {
        guard let match = dates.matchIntroduced(in: phrase, at: phrase.start), match.end < phrase.end, let next = phrase[match.end] else {
            return nil
        }
        guard
            next.isMark(":") || next.isMark(",") || next.isWord(in: ["to", "that", "about"])
                || phrase[phrase.start]?.isWord(in: ["for", "on", "by"]) == true
        else { return nil }
        let rest = phrase[match.end..<phrase.end].trimmed.dropping(first: NewTodoGrammar.dayLeads)
        return rest.isEmpty ? nil : (rest, match.spoken)
    }

    private func innerDay(_ phrase: Phrase) -> (range: Range<Int>, spoken: SpokenDay)? {
        for index in phrase.start + 1..<max(phrase.start + 1, phrase.end) {
            guard let match = dates.matchIntroduced(in: phrase, at: index), match.end < phrase.end else { continue }
            guard phrase[match.end]?.isWord(in: NewTodoGrammar.continuations) == true else { continue }
            if phrase[match.end]?.folded == "to", phrase[match.end - 1]?.isWord(in: ["today", "tomorrow", "tonight"]) != true { continue }
            return (index..<match.end, match.spoken)
        }
        return nil
    }

    private static func spreading(_ common: Day?, over drafts: [Draft]) -> [Draft] {
        var drafts = drafts
        var day: Day?
        for index in drafts.indices.reversed() {
            day = drafts[index].due ?? day
            drafts[index].due = day ?? common
        }
        return drafts
    }

    /// Empty when there is nothing but `a todo` or `these`.
    private func strippingTargets(_ phrase: Phrase) -> Phrase {
        let body = phrase.trimmed.dropping(last: NewTodoGrammar.targets).trimmed
        if NewTodoGrammar.leads.match(in: body, at: body.start) == body.end { return body[body.end..<body.end] }
        return body.dropping(first: NewTodoGrammar.leads).trimmed
    }

    // MARK: Several todos

    private func parts(of phrase: Phrase) -> [Phrase] {
        var todos: [Phrase] = []
        for piece in pieces(of: phrase) {
            if let last = todos.last, continues(last, piece) {
                todos[todos.count - 1] = phrase[last.start..<piece.end]
            } else {
                todos.append(piece)
            }
        }
        return todos
    }

    private func pieces(of phrase: Phrase) -> [Phrase] {
        var pieces: [Phrase] = []
        var start = phrase.start
        for index in phrase.tokens.indices {
            guard let token = phrase[index], token.isMark(",") || token.isMark("\n") || token.isMark(";") || token.isWord(in: ["and"]) else {
                continue
            }
            if token.isMark(","), isYear(phrase[index + 1]), isDayNumber(phrase[index - 1]) { continue }
            pieces.append(phrase[start..<index].trimmed)
            start = index + 1
        }
        pieces.append(phrase[min(start, phrase.end)..<phrase.end].trimmed)
        return pieces.filter { !$0.isEmpty }
    }

    /// Whether `piece` belongs to the todo before it.
    private func continues(_ previous: Phrase, _ piece: Phrase) -> Bool {
        if isPair(previous, piece) { return true }
        if dates.trailingDay(previous) != nil { return false }
        if previous.tokens.last?.folded.hasSuffix("'s") == true, previous.count == 1 { return true }
        let startsErrand = NewTodoGrammar.isErrand(piece)
        if let only = previous.tokens.first, previous.count == 1, only.isWord(in: VerbForms.actions) { return startsErrand }
        if NewTodoGrammar.isErrand(previous) { return !startsErrand && !piece.tokens.allSatisfy(\.isQuoted) }
        return previous.tokens.prefix(16).contains { $0.isWord(in: NewTodoGrammar.companions) }
    }

    /// A verb with something to do it to.
    private static func isErrand(_ phrase: Phrase) -> Bool {
        let body = phrase.dropping(first: NewTodoGrammar.errandLeads)
        return body.count > 1 && body.tokens.first?.isWord(in: VerbForms.actions) == true
    }

    private func isPair(_ previous: Phrase, _ piece: Phrase) -> Bool {
        guard previous.count <= 3, piece.count <= 9, let first = previous.tokens.last, let second = piece.tokens.first else { return false }
        guard !first.isQuoted, !second.isQuoted, isJoinedByAnd(first, second, in: previous.source) else { return false }
        let left = previous.tokens.suffix(2).map(\.folded)
        return [left.joined(separator: " "), first.folded].contains { NewTodoGrammar.pairs.contains("\($0) and \(second.folded)") }
    }

    private func isJoinedByAnd(_ first: Token, _ second: Token, in source: [Unicode.Scalar]) -> Bool {
        guard first.range.upperBound <= second.range.lowerBound else { return false }
        return source[first.range.upperBound..<second.range.lowerBound].contains { !Tokenizer.isSpace($0) && $0 != "," }
    }

    private func isYear(_ token: Token?) -> Bool {
        token?.number.map { (1_000...9_999).contains($0) } ?? false
    }

    private func isDayNumber(_ token: Token?) -> Bool {
        guard let token else { return false }
        return token.number != nil || CalendarWords.ordinal(token.folded) != nil
    }
}
