extension Phrasebook {
    static let reopening: [IntentRule] = [
        IntentRule(
            "undo [that|it|this]",
            "undo [the|my] last [one|change|action|thing]",
            "revert [that|it]",
            "take that back"
        ) { _ in .undo },
        IntentRule(
            firmness: .listWord,
            "reopen|re-open|uncheck|untick|unmark|uncomplete|reactivate|restore|undo {todos}",
            "mark|set|flag {todos} [as|to] not done|complete|completed|finished [yet]",
            "mark|set|flag|make {todos} [as|to] undone|open|incomplete|unfinished|active|pending|uncompleted|unchecked|todo [again]",
            "put {todos} back [on|to|in|onto] [my|the] [todo] [list]",
            "open {todos} again",
            "todo|task|item|number {one} is not done|complete|completed|finished [yet]",
            "[i|we] [did|have|am|had|are] not [actually|really] done|do|finish|finished|complete|completed [with] {todos} [yet|after_all]",
            "i|we did not [actually|really] buy|call|get|pay|send|make|write|clean|wash|book|email|order {todos} [yet|after_all]",
            "i|we have not [actually|really] {past} {todos} [yet|after_all]"
        ) { .reopen($0.todos) },
    ]
}
