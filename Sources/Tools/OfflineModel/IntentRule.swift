import AgentRuntime

/// Ways to say one thing, and the intent they mean.
struct IntentRule: Sendable {
    /// How plainly words are a command, when they come after `and`.
    enum Firmness: Int, Sendable, Comparable {
        /// Only where a clause has begun anyway.
        case never
        /// An everyday verb, which may as well start one more thing to add: `finish the report`.
        case everyday
        /// A word of todo lists: `delete`, `reschedule`.
        case listWord
        /// Nothing else can be meant: `what's left`, `mark eggs as done`.
        case certain

        static func < (left: Firmness, right: Firmness) -> Bool { left.rawValue < right.rawValue }
    }

    let patterns: [Pattern]
    let firmness: Firmness
    /// How firm words must be to end a clause that started with this rule.
    let yieldsTo: Firmness
    /// Nil when what the slots hold does not fit after all.
    let intent: @Sendable (IntentSlots) -> Intent?

    init(
        firmness: Firmness = .certain,
        yieldsTo: Firmness = .everyday,
        _ patterns: Pattern...,
        intent: @escaping @Sendable (IntentSlots) -> Intent?
    ) {
        self.patterns = patterns
        self.firmness = firmness
        self.yieldsTo = yieldsTo
        self.intent = intent
    }
}

/// What the person filled into a pattern, read by the grammar of each slot.
struct IntentSlots {
    let slots: PatternMatcher.Slots
    let grammar: IntentGrammar

    var text: String { slots[.text]?.written ?? "" }
    var verb: String? { slots[.past]?.tokens.first.flatMap { VerbForms.reported($0.folded) } }
    var span: Span? { slots[.span].flatMap { Span.match(in: $0, at: $0.start)?.span } }
    var day: SpokenDay? { slots[.day].flatMap(grammar.dates.day) }

    /// Whether the text slot is a day: `from Monday`.
    var namesDay: Bool { slots[.text].flatMap(grammar.dates.day) != nil }

    /// What is pointed at; the todo in question when nothing is.
    var todos: [TodoReference] {
        guard let phrase = slots[.todos] ?? slots[.one] else { return [.it] }
        return Array(grammar.references.read(phrase, verb: verb).prefix(OfflineLimits.references))
    }

    /// An intent about the day in the slot, or what is wrong with that day.
    func onDay(_ intent: (Day) -> Intent) -> Intent? {
        switch day {
        case .day(let day): intent(day)
        case .impossible(let sentence): .refused(sentence)
        case nil: nil
        }
    }

    /// An intent about the todos that the filter slot describes.
    func filtered(_ intent: (TodoFilter) -> Intent) -> Intent? {
        switch slots[.filter].map(grammar.filters.read) ?? .filter(TodoFilter()) {
        case .filter(let filter): intent(filter)
        case .impossible(let sentence): .refused(sentence)
        case nil: nil
        }
    }

    /// An intent to add what the items slot lists.
    func adding(onlyWithDay: Bool = false) -> Intent? {
        guard let items = slots[.items] ?? slots[.errand] else { return .talk(.whatToAdd) }
        switch grammar.newTodos.read(items) {
        case .impossible(let sentence): return .refused(sentence)
        case .todos(let todos):
            if onlyWithDay, todos.contains(where: { $0.due == nil }) { return nil }
            return todos.isEmpty ? .talk(.whatToAdd) : .add(todos)
        }
    }

    /// An intent to plan what the text slot names.
    var planning: Intent {
        let isTodo = slots[.text]?.tokens.allSatisfy { $0.number != nil || $0.isWord(in: ["it", "that", "this", "todo", "them"]) } ?? true
        return isTodo ? .refused("Please name the goal in words, such as “plan my move”.") : .plan(text)
    }
}
