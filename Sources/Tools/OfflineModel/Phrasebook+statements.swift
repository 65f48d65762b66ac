extension Phrasebook {
    static let reports: [IntentRule] = [
        IntentRule("i|we [have] [already|just|finally|also|now] {past} {todos} [already|just_now]") { .complete($0.todos) },
        IntentRule(
            firmness: .everyday,
            "[already|just|finally] {past} {todos} [already|just_now]"
        ) { .complete($0.todos) },
    ]

    static let statements: [IntentRule] = [
        IntentRule(
            firmness: .listWord,
            "{todos} is|are|was|were|has|have not [been] [actually|really|yet] done|finished|complete|completed|ready [yet|after_all]",
            "{todos} not done|finished|completed [yet]"
        ) { .reopen($0.todos) },
        IntentRule(
            firmness: .listWord,
            "{todos} has|have|needs|need no due_date|deadline|date [anymore]",
            "{todos} is|are not due [anymore|any_more]"
        ) { .clearDue($0.todos) },
        IntentRule(
            firmness: .listWord,
            "{todos} is|are [now|actually] due {day}",
            "{todos} should|must|can be [done|due] {day}",
            "{todos} can wait until|till {day}",
            "{todos} needs|need|has|have to be [done|finished] {day}",
            "do {todos} {day} instead"
        ) { slots in slots.onDay { .reschedule(slots.todos, .to($0)) } },
        IntentRule(
            firmness: .listWord,
            "{todos} is|are|was|were|has|have [been] [all|already|now|finally] done|finished|complete|completed|ticked_off",
            "{todos} is|are|was|were|has|have [been] [all|already|now|finally] bought|paid|sent|sorted|handled|over|fixed|ordered|booked|called"
        ) { .complete($0.todos) },
        IntentRule(
            firmness: .everyday,
            "{todos} [all|already] done|finished|completed"
        ) { .complete($0.todos) },
        IntentRule(
            firmness: .everyday,
            "{todos} to {day}"
        ) { slots in slots.onDay { .reschedule(slots.todos, .to($0)) } },
        IntentRule(
            firmness: .everyday,
            "{one} should|must be|read|say {text}"
        ) { .rename($0.todos, to: $0.text) },
    ]

    /// What is understood without any verb of lists.
    static let bareWords: [IntentRule] = [
        IntentRule(
            firmness: .never,
            "{filter}"
        ) { slots in
            guard let phrase = slots.slots[.filter], slots.grammar.filters.standsAlone(phrase) else { return nil }
            return slots.filtered(Intent.list)
        },
        IntentRule(
            firmness: .never,
            yieldsTo: .listWord,
            "{errand}"
        ) { $0.adding() },
    ]
}
