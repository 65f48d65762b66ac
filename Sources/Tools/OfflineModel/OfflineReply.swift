import AgentRuntime

/// What a message means in its place in the conversation: by itself, or as the answer to what was asked before it.
struct OfflineReply: Sendable {
    let intents: [Intent]

    /// A chain of questions and answers is followed this far.
    private static let longestChain = 4

    init(_ conversation: OfflineConversation, turn index: Int, depth: Int) {
        guard conversation.turns.indices.contains(index) else {
            intents = []
            return
        }
        let turn = conversation.turns[index]
        let grammar = IntentGrammar(today: conversation.today)
        let literal = grammar.intents(of: turn.message)
        let answered =
            OfflineReply.isShort(literal) && index > 0 && depth < OfflineReply.longestChain
            ? OfflineReply.answer(turn.message, literal, to: OfflineTurn(conversation, turn: index - 1, depth: depth + 1), grammar)
            : nil
        intents = answered ?? OfflineReply.asPlanner(literal, turn, conversation)
    }

    /// Whether a message could be the answer to a question: it is no command of its own.
    private static func isShort(_ intents: [Intent]) -> Bool {
        guard intents.count == 1, let only = intents.first else { return false }
        return switch only {
        case .unclear, .talk(.agreement), .reschedule: true
        case .list(let filter): filter.due != nil
        default: false
        }
    }

    private static func answer(_ message: String, _ literal: [Intent], to question: OfflineTurn, _ grammar: IntentGrammar) -> [Intent]? {
        let words = Tokenizer.phrase(message)
        if case .add? = question.intents.last, case .unclear? = literal.first, words.tokens.first?.isWord(in: ["and", "also", "plus"]) == true,
            case .todos(let todos) = grammar.newTodos.read(words[1..<words.end]), !todos.isEmpty
        {
            return [.add(todos)]
        }
        let asked = question.worksSoFar().flatMap { intent, work in work.remarks.map { (intent: intent, remark: $0) } }
        let questions = asked.filter { $0.remark.isQuestion }
        guard questions.count == 1, let asked = questions.first else { return nil }
        switch asked.remark {
        case .doubt(let doubt):
            guard case .unclear? = literal.first else { return nil }
            return [asked.intent.about(grammar.references.read(words).map(doubt.chosen))]
        case .askDay: return grammar.rescheduling(words).map { [.reschedule(asked.intent.references ?? [.it], $0)] }
        case .talk(.whatToAdd):
            guard case .unclear? = literal.first, case .todos(let todos) = grammar.newTodos.read(words), !todos.isEmpty else { return nil }
            return [.add(todos)]
        case .confirmDeleting(let todos):
            // A yes is to the todos that were shown: not to what was added since.
            guard case .talk(.agreement)? = literal.first else { return nil }
            return [.delete(todos.map { .number($0.id) })]
        default: return nil
        }
    }

    /// After a handoff the message is the goal, and what else it asks for was done before.
    private static func asPlanner(_ intents: [Intent], _ turn: OfflineConversation.Turn, _ conversation: OfflineConversation) -> [Intent] {
        guard turn.isHandedOver, conversation.planner == nil else { return intents }
        let goals = intents.compactMap { intent -> Intent? in
            switch intent {
            case .plan: intent
            case .unclear(let text): .plan(text)
            default: nil
            }
        }
        return goals.isEmpty ? intents : goals
    }
}

extension TodoResolver.Doubt {
    /// The candidate that an answer picks, by its number, its place or its words.
    fileprivate func chosen(by reference: TodoReference) -> TodoReference {
        let candidates: [ListedTodo]
        switch self {
        case .ambiguous(_, let todos), .unclear(let todos): candidates = todos
        case .missing, .none: return reference
        }
        switch reference {
        case .number(let number), .ordinal(let number):
            if candidates.contains(where: { $0.id == number }) || !candidates.indices.contains(number - 1) { return .number(number) }
            return .number(candidates[number - 1].id)
        case .last: return candidates.last.map { .number($0.id) } ?? reference
        case .words(let wording):
            let matches = TitleMatcher(wording).matches(among: candidates)
            return matches.count == 1 ? .number(matches[0].id) : reference
        default: return reference
        }
    }
}

extension OfflineWork.Remark {
    /// Whether an answer is expected.
    fileprivate var isQuestion: Bool {
        switch self {
        case .doubt(.ambiguous), .doubt(.unclear), .askDay, .confirmDeleting, .talk(.whatToAdd): true
        default: false
        }
    }
}

extension IntentGrammar {
    /// `to Friday` or `by two days`.
    func rescheduling(_ phrase: Phrase) -> Rescheduling? {
        if case .day(let day)? = dates.day(phrase) { return .to(day) }
        let span = phrase.trimmed.dropping(first: ["by", "for", "another"])
        guard let match = Span.match(in: span, at: span.start), match.end == span.end else { return nil }
        return .by(match.span)
    }
}
