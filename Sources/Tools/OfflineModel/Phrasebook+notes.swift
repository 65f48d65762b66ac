extension Phrasebook {
    static let notes: [IntentRule] = [
        IntentRule(
            firmness: .listWord,
            "clear|remove|delete|erase|drop [the|all|my] note|notes|comment from|of|on|for|to {todos}",
            "clear|remove|delete|erase|drop [the|its|that|all] note|notes|comment"
        ) { .clearNotes($0.todos) },
        IntentRule(
            yieldsTo: .certain,
            "make|take a note to|of {items}",
            "note to self : {items}"
        ) { $0.adding() },
        IntentRule(
            yieldsTo: .certain,
            "[add|put|write|attach|set|make|leave] [a|the] note|notes|comment on|to|for|of|about {todos} :|that|saying|- {text}",
            "[add|put|write|attach|set|make|leave] [a|the] note|notes|comment on|to|for|of|about {one} [to] {text}",
            "[set|change] [the] note|notes on|for|of {todos} to {text}",
            "add|put {text} to|in|into the|its notes|note of|on|for {todos}",
            "add|put [a|the] note {text} to|on|for {todos}",
            "add|put {text} as [a] note|comment to|on|for {todos}",
            "note {one} : {text}",
            "[add|make|take|leave] [a] note|comment :|that|saying {text}",
            "add|put {text} to the|its notes|note"
        ) { .note($0.todos, $0.text) },
    ]

    static let dueDates: [IntentRule] = [
        IntentRule(
            firmness: .listWord,
            "clear|remove|delete|drop|unset|erase [the] due_date|due|date|deadline|day of|from|for|on|to {todos}",
            "clear|remove|delete|drop|unset|erase [the|its|that] due_date|date|deadline",
            "clear|remove|delete|drop|unset|erase {todos} due_date|deadline",
            "unschedule {todos}",
            "make|set|give|move {todos} [to|have|with] no_due_date|no_date|no_deadline|someday",
            "no due_date|deadline|date for|on {todos}"
        ) { .clearDue($0.todos) }
    ]
}
