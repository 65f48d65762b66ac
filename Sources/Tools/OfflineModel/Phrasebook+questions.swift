extension Phrasebook {
    static let questions: [IntentRule] = [
        IntentRule(
            "what have i|we [already|just] done|finished|completed|achieved [so_far|yet|today|already]",
            "[all|my|the|our] completed|finished|done|closed todos|tasks|items|ones|things",
            "what did i|we [already] do|finish|complete|get_done|achieve [so_far|today|yesterday|already|this_week]"
        ) { _ in .list(TodoFilter(status: .completed)) },
        IntentRule(
            "what|which|whats [else] {filter}",
            "what is|are|remains|was [still|else] {filter}",
            "what do|should|must|can i|we [still|have] {filter}",
            "do|have i|we [still] [have|got] {filter}",
            "is|are there [still] {filter}",
            "am i {filter}",
            "anything|something|nothing [else] {filter}",
            "anything [else] left",
            "show|list|display|view|see|print|give|tell|read|check|get|open [me] {filter}",
            "let me see {filter}",
            "can i see {filter}",
            "i see {filter}",
            "remind me what is|are|do|i {filter}",
            "remind me of {filter}",
            "tell me what is|are|do|i {filter}",
            "how many {filter}",
            "how is|does my|the list|day|week [look] [like]",
            "go over|through {filter}"
        ) { slots in slots.filtered(Intent.list) },
        IntentRule(
            "show|list|todos|tasks|agenda|display [me] [please]",
            "show [me] everything|all",
            "what is next|left|open|up|new|overdue",
            "what remains"
        ) { _ in .list(TodoFilter()) },
        IntentRule(
            firmness: .listWord,
            "is|are {todos} [already|still] done|finished|completed|complete|open|due|overdue",
            "is|are {todos} [already|still] on|in my|the [todo] list",
            "when is|are|was {todos} [due]",
            "when do|must|should i|we [have|need] [to] {todos}",
            "what is the|my due_date|deadline|date|note of|for|on {todos}",
            "what is|was {one}",
            "what about {todos}",
            "tell me [more] about {one}",
            "show|describe|open [me] {one}",
            "[show|give|tell] [me] [the] details|notes|note|info|information of|on|for|about {todos}",
            "show [me] [the] todo|task|item {todos}",
            "what does|do the note|notes on|of|for {todos} say"
        ) { .show($0.todos) },
        IntentRule(
            firmness: .everyday,
            "find|search|lookup [for|my] [todos|tasks] [about|with|for|containing|matching|named|called] {text}",
            "look for|up {text}",
            "search my|the list|todos|tasks for {text}",
            "do|have i|we [have|got] {text} on|in my|the [todo] list",
            "is there [a|an] todo|task|item|anything for|about|with|called|named {text}",
            "do i have [a|an] todo|task|todos|tasks|anything for|about|with|called|named {text}",
            "filter [by|for] {text}"
        ) { slots in
            let words = slots.slots[.text]?.dropping(first: ["the", "a", "an", "my", "all", "any"]).written
            return .list(TodoFilter(status: .all, query: words))
        },
    ]
}
