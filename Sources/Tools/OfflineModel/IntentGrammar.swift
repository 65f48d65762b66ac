import AgentRuntime

/// Turns a message into intents: sentences, then clauses, then the first rule of the phrasebook that fits each clause.
///
/// Time is linear in the length of the message: each clause is looked at a bounded number of times, with bounded look-ahead.
struct IntentGrammar: Sendable {
    let dates: DateGrammar
    let filters: TodoFilterGrammar
    let references: TodoReferenceGrammar
    let newTodos: NewTodoGrammar

    init(today: Day?) {
        dates = DateGrammar(today: today)
        filters = TodoFilterGrammar(dates: dates)
        references = TodoReferenceGrammar(filters: filters)
        newTodos = NewTodoGrammar(dates: dates)
    }

    func intents(of message: String) -> [Intent] {
        let sentences = IntentGrammar.sentences(of: Tokenizer.phrase(message))
        // Lines with bullets and nothing else are a list of things to add.
        let isList = sentences.count > 1 && sentences.allSatisfy { $0.tokens.first?.isMark("-") == true }
        var intents: [Intent] = isList ? [.talk(.whatToAdd)] : []
        for sentence in sentences {
            if let more = continuation(of: intents.last, sentence) {
                intents[intents.count - 1] = more
            } else {
                intents += clauses(of: sentence).compactMap(intent)
            }
        }
        return IntentGrammar.tidied(intents)
    }

    // MARK: Sentences

    static func sentences(of phrase: Phrase) -> [Phrase] {
        var sentences: [Phrase] = []
        var start = phrase.start
        for index in phrase.tokens.indices where endsSentence(phrase, index) {
            sentences.append(phrase[start..<index])
            start = index + 1
        }
        sentences.append(phrase[start..<phrase.end])
        return sentences.filter { !$0.trimmed.isEmpty }
    }

    private static func endsSentence(_ phrase: Phrase, _ index: Int) -> Bool {
        guard let token = phrase[index], token.kind == .mark else { return false }
        switch token.folded {
        case "\n", ";", "!", "?": return true
        case ".": return !isInsideDateOrAbbreviation(phrase, index)
        default: return false
        }
    }

    private static func isInsideDateOrAbbreviation(_ phrase: Phrase, _ index: Int) -> Bool {
        guard let previous = phrase[index - 1], index + 1 < phrase.end else { return false }
        if previous.number != nil { return phrase[index + 1].map { CalendarWords.months[$0.folded] != nil } ?? false }
        guard phrase[index + 1]?.kind != .mark else { return false }
        return CalendarWords.abbreviations.contains(previous.folded) || (previous.folded.count == 1 && previous.folded != "i")
    }

    /// A line of a list, or `And eggs.`, goes on with what was being added.
    private func continuation(of intent: Intent?, _ sentence: Phrase) -> Intent? {
        let isBullet = sentence.tokens.first?.isMark("-") == true
        let isMore = sentence.tokens.first?.isWord(in: ["and", "also", "plus"]) == true
        let body = sentence.trimmed
        var todos: [NewTodo]
        switch intent {
        case .talk(.whatToAdd)?: todos = []
        case .add(let earlier)? where isBullet || isMore: todos = earlier
        default: return nil
        }
        let items = isMore ? body[(body.start + 1)..<body.end] : body
        if let opening = opening(of: items), opening.firmness >= .listWord { return nil }
        switch newTodos.read(items) {
        case .impossible(let sentence): return .refused(sentence)
        case .todos(let more):
            todos += more
            return .add(todos)
        }
    }

    // MARK: Clauses

    private static let leads: PhraseList = [
        "please", "can you", "could you", "would you", "will you", "can you please", "could you please", "would you please",
        "i would like you to", "i want you to", "i need you to", "i would like to", "i want to", "i wanted to", "you can", "you may", "hey",
        "hi", "hello", "ok", "okay", "so", "also", "then", "and", "but", "now", "just", "go ahead and", "let us", "actually", "oh", "well",
        "right", "yes", "yeah", "yep", "sure", "great", "thanks", "thank you", "good morning", "good afternoon", "good evening", "hi there",
        "hello there", "hey there", "first ,", "next ,", "finally", "plus", "maybe", "perhaps", "kindly", "quickly", "alright", "cool",
        "perfect", "no", "sorry", "would you mind", "do me a favor and", "be so kind and", "i think", "by the way", "btw", "um", "uh", "oops", "wait",
        "hmm", "ah",
    ]
    private static let trails: PhraseList = [
        "please", "for me", "thanks", "thank you", "ok", "okay", "would you", "could you", "will you", "can you", "then",
    ]

    /// Cuts where a connective is followed by words that open a command firm enough to end the clause before.
    private func clauses(of sentence: Phrase) -> [Phrase] {
        var clauses: [Phrase] = []
        var start = sentence.start
        var opening = opening(of: sentence)
        var index = opening?.end ?? start
        while index < sentence.end {
            guard let token = sentence[index], Connective.isOne(token) else {
                index += 1
                continue
            }
            let next = IntentGrammar.afterConnectives(sentence, index)
            let candidate = self.opening(of: sentence[next..<sentence.end])
            // `milk and eggs are done` is one statement.
            let goesOn = opening == nil && candidate?.isStatement == true
            if let candidate, !goesOn, candidate.firmness >= opening?.yieldsTo ?? .listWord {
                clauses.append(sentence[start..<index])
                start = next
                opening = candidate
                index = max(candidate.end, next)
            } else {
                index = max(next, index + 1)
            }
        }
        clauses.append(sentence[start..<sentence.end])
        return clauses.map(\.trimmed).filter { !$0.isEmpty }
    }

    private static func afterConnectives(_ sentence: Phrase, _ index: Int) -> Int {
        var next = index
        while let token = sentence[next], Connective.isOne(token) || token.isWord(in: ["please", "now", "finally", "just"]) { next += 1 }
        return next
    }

    /// The command that the first words of a phrase open.
    private struct Opening {
        let firmness: IntentRule.Firmness
        let yieldsTo: IntentRule.Firmness
        /// Whether it begins with what it is about: `eggs are done`.
        let isStatement: Bool
        /// The index after the words that were needed to know.
        let end: Int
    }

    private func opening(of phrase: Phrase) -> Opening? {
        let body = withoutLeads(phrase)
        let matcher = matcher(body, extent: .opening)
        for entry in Phrasebook.entries(startingWith: body.tokens.first) {
            guard let match = matcher.match(entry.pattern) else { continue }
            let pointsAtNumber = match.slots.values.contains { $0.tokens.first?.number != nil }
            let firmness = pointsAtNumber && entry.rule.firmness > .never ? .certain : entry.rule.firmness
            return Opening(firmness: firmness, yieldsTo: entry.rule.yieldsTo, isStatement: entry.pattern.firstWords == nil, end: match.end)
        }
        return nil
    }

    private func withoutLeads(_ phrase: Phrase) -> Phrase {
        var body = phrase.trimmedAtStart
        for _ in 0..<6 {
            let shorter = body.dropping(first: IntentGrammar.leads).trimmedAtStart
            guard !shorter.isEmpty, shorter.count < body.count else { break }
            body = shorter
        }
        return body
    }

    // MARK: Rules

    private func intent(of clause: Phrase) -> Intent? {
        let body = withoutLeads(clause).trimmed
        let bare = body.dropping(last: IntentGrammar.trails).trimmed
        for candidate in bare.count < body.count ? [bare, body] : [body] {
            if let intent = matched(candidate) { return intent }
        }
        return matched(clause.trimmed) ?? afterDay(body) ?? .unclear(clause.written)
    }

    /// `tomorrow I need to buy bread`: a day first, then what is to be added.
    private func afterDay(_ clause: Phrase) -> Intent? {
        guard let match = dates.matchIntroduced(in: clause, at: clause.start), match.end < clause.end else { return nil }
        let rest = clause[match.end..<clause.end]
        let intent =
            rest.tokens.first?.isMark(":") == true ? IntentSlots(slots: [.items: rest.trimmed], grammar: self).adding() : matched(withoutLeads(rest))
        guard case .add(let todos)? = intent else { return nil }
        switch match.spoken {
        case .impossible(let sentence): return .refused(sentence)
        case .day(let day): return .add(todos.map { NewTodo(title: $0.title, due: $0.due ?? day, notes: $0.notes) })
        }
    }

    private func matched(_ clause: Phrase) -> Intent? {
        let matcher = matcher(clause, extent: .whole)
        for entry in Phrasebook.entries(startingWith: clause.tokens.first) {
            guard let match = matcher.match(entry.pattern) else { continue }
            if let intent = entry.rule.intent(IntentSlots(slots: match.slots, grammar: self)) { return intent }
        }
        return nil
    }

    private func matcher(_ phrase: Phrase, extent: PatternMatcher.Extent) -> PatternMatcher {
        PatternMatcher(phrase, extent) { slot, captured in
            switch slot {
            case .day: dates.day(captured) != nil
            case .span: Span.match(in: captured, at: captured.start)?.end == captured.end
            case .filter: filters.read(captured) != nil
            case .past: captured.count == 1 && captured.tokens.first.flatMap { VerbForms.reported($0.folded) } != nil
            case .one:
                captured.count == 1 && (captured.tokens.first?.number != nil || captured.tokens.first?.isWord(in: ["it", "that", "this"]) == true)
            case .errand: captured.count > 1 && captured.tokens.first?.isWord(in: VerbForms.errands) == true
            case .todos, .items, .text: true
            }
        }
    }

    // MARK: Afterwards

    /// Small talk beside a request is left out, `it` gets the todos spoken of just before, and neighbours of one kind become one.
    private static func tidied(_ intents: [Intent]) -> [Intent] {
        let requests = intents.filter { if case .talk(let talk) = $0 { talk == .whatToAdd } else { true } }
        guard !requests.isEmpty else { return Array(intents.prefix(1)) }
        return requests.map(\.distinct).reduce(into: []) { tidied, intent in
            let intent = intent.pointsBack ? pointed(intent, &tidied) : intent
            if let last = tidied.last, let both = intent.flatMap(last.joined) {
                tidied[tidied.count - 1] = both
            } else if let intent {
                tidied.append(intent)
            }
        }
    }

    /// `it` within a message is what the message spoke of last: a todo just added takes the day or the note with it.
    private static func pointed(_ intent: Intent, _ earlier: inout [Intent]) -> Intent? {
        if let references = earlier.last?.references { return intent.about(references) }
        guard case .add(var todos)? = earlier.last else { return intent }
        switch intent {
        case .reschedule(_, .to(let day)): for index in todos.indices { todos[index].due = day }
        case .note(_, let text): for index in todos.indices { todos[index].notes = text }
        default: return .refused("I add first: please say the rest again once it is on your list.")
        }
        earlier[earlier.count - 1] = .add(todos)
        return nil
    }
}

extension Intent {
    /// Whether it is about `it` or `them` alone.
    fileprivate var pointsBack: Bool {
        references == [.it] || references == [.them]
    }

    /// Without a second one of the same todo to add.
    fileprivate var distinct: Intent {
        guard case .add(let todos) = self else { return self }
        var seen: Set<NewTodo> = []
        return .add(todos.filter { seen.insert($0).inserted })
    }

    /// This and the next intent as one, if they are of one kind.
    fileprivate func joined(with next: Intent) -> Intent? {
        switch (self, next) {
        case (.add(let first), .add(let second)): return Intent.add(first + second).distinct
        case (.complete(let first), .complete(let second)): return .complete(first + second)
        case (.reopen(let first), .reopen(let second)): return .reopen(first + second)
        case (.delete(let first), .delete(let second)): return .delete(first + second)
        default: return nil
        }
    }
}
