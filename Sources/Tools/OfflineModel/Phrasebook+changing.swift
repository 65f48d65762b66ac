extension Phrasebook {
    static let clearing: [IntentRule] = [
        IntentRule(
            "clear|delete|remove|purge|clean|erase|archive [up|out|away] [all] [my|the|of_the|of_my] completed|done|finished|checked",
            "clear|delete|remove|purge|clean|erase|archive [all] [my|the|of_the] completed|done|finished|checked [off] todos|tasks|items|ones|things",
            "clear|delete|remove|purge|clean|erase [up|out] [all|everything] [that|which|what] is|are done|completed|finished",
            "clean|tidy up [my|the] [todo] [list|todos|tasks]"
        ) { _ in .delete([.every(TodoFilter(status: .completed))]) },
        IntentRule(
            "clear|empty|wipe|reset [out] [all] [of] [my|the] [whole|entire] [todo|task] list|todos|tasks|everything|all",
            "clear",
            "start over"
        ) { _ in .delete([.every(TodoFilter(status: .all))]) },
    ]

    static let completing: [IntentRule] = [
        IntentRule(
            "all done|finished",
            "i|we am|are all done|finished",
            "that is all done"
        ) { _ in .complete([.every(TodoFilter(status: .all))]) },
        IntentRule("todo|task|item|number {one} [is] [now] done|complete|completed|finished") { .complete($0.todos) },
        IntentRule(
            "mark|set|flag {todos} [as|to|to_be|is|are] done|complete|completed|finished|closed",
            "check|tick|cross|strike|mark|scratch off {todos}",
            "check|tick|cross|strike|mark|scratch {todos} off [of|from] [my|the] [todo] [list]",
            "[i|we] [am|are|have] [all|now|just|already|finally] done|finished|through with {todos}",
            "i|we [am|are|have] [all|now|just|already|finally] done|finished|completed {todos}",
            "[i|we] [am|are|have] [all|now|just|already|finally] done|finished [it|that|this|now|already]",
            "i|we [just|already] did|completed it|that|this|them",
            "i did it"
        ) { .complete($0.todos) },
        IntentRule(
            firmness: .listWord,
            "complete|close|tick|completed {todos}",
            "done|finished|completed|complete : {todos}",
            "check {one}"
        ) { .complete($0.todos) },
        IntentRule(
            firmness: .everyday,
            "finish|done|finished {todos}"
        ) { .complete($0.todos) },
    ]

    static let rescheduling: [IntentRule] = [
        IntentRule("move|push|shift|change|reschedule {todos} from {text} {day}") { slots in
            slots.namesDay ? slots.onDay { .reschedule(slots.todos, .to($0)) } : nil
        },
        IntentRule(
            "move|push|postpone|delay|reschedule|defer|snooze|bump {day}",
            "move|set|change|update|edit|push|make [the|its|a] due_date|date|deadline|due of|for|on {todos} {day}",
            "move|set|change|update|edit|push {todos} due_date|deadline|date {day}",
            "move|set|change|update|edit|push [the|its] due_date|deadline|date {day}",
            "[the] due_date|deadline of|for|on {todos} is|: {day}",
            "make|mark {todos} due {day}",
            "make|schedule {one} [be] {day}",
            "reschedule|postpone|delay|defer|snooze|bump [back|out|off] {todos} [back|out|off] {day}"
        ) { slots in slots.onDay { .reschedule(slots.todos, .to($0)) } },
        IntentRule(
            "bring|pull|move|push {todos} forward|earlier|sooner|ahead [by] {span}",
            "move|shift|bring|pull {todos} [by] {span} forward|earlier|sooner"
        ) { slots in
            slots.span.map { .reschedule(slots.todos, .by($0.negated)) }
        },
        IntentRule(
            "postpone|delay|reschedule|defer|snooze|bump|move|push|shift [back|out|off] {todos} [back|out|off] [by|for|another] {span} [later]"
        ) { slots in slots.span.map { .reschedule(slots.todos, .by($0)) } },
        IntentRule(
            firmness: .listWord,
            "move|push|shift|bring|change|set [back|out|forward|up] {todos} [back|out|forward|up] {day}"
        ) { slots in
            slots.onDay { .reschedule(slots.todos, .to($0)) }
        },
        IntentRule(
            firmness: .listWord,
            "snooze {todos}"
        ) { .reschedule($0.todos, .by(Span(count: 1, unit: .days))) },
        IntentRule(
            firmness: .listWord,
            "postpone|delay|reschedule|defer {todos}",
            "move|push|postpone|delay|reschedule|defer|snooze {one}"
        ) { .reschedule($0.todos, .unsaid) },
    ]

    static let renaming: [IntentRule] = [
        IntentRule(
            yieldsTo: .listWord,
            "rename|retitle|reword {todos} to|as|into|: {text}",
            "change|edit|update|set [the] title|name|text|wording of|on|for {todos} to|into|: {text}",
            "replace {todos} with|by {text}",
            "edit|update|change {one} : {text}",
            "call {one} {text} instead"
        ) { .rename($0.todos, to: $0.text) },
        IntentRule(
            firmness: .everyday,
            yieldsTo: .listWord,
            "change|edit|update|turn {todos} to|into {text}"
        ) { .rename($0.todos, to: $0.text) },
    ]

    static let deleting: [IntentRule] = [
        IntentRule(
            firmness: .listWord,
            "delete|remove|erase|trash|discard {todos}",
            "take|strike {todos} off|from [of] [my|the] [todo] [list]",
            "get rid of {todos}",
            "i|we do not need|want [to] {todos} [anymore|any_more|any_longer]",
            "i|we no longer need|want|have [to] {todos}"
        ) { .delete($0.todos) },
        IntentRule(
            firmness: .everyday,
            "drop|cancel|scratch|forget|dump|scrap|ditch [about] {todos}",
            "never mind [about] {todos}",
            "nevermind [about] {todos}"
        ) { .delete($0.todos) },
        IntentRule("delete|remove|erase [a|one] [todo|task|item]") { _ in .delete([.unsaid]) },
        IntentRule("complete|finish|tick [a|one] [todo|task|item]") { _ in .complete([.unsaid]) },
        IntentRule("reopen [a|one] [todo|task|item]") { _ in .reopen([.unsaid]) },
        IntentRule("move|reschedule|postpone [a|one] [todo|task|item]") { _ in .reschedule([.unsaid], .unsaid) },
    ]

    static let planning: [IntentRule] = [
        IntentRule(
            "help me [to] plan|organise|organize|prepare|arrange [for] {text}",
            "help me with {text}",
            "help [me] plan|organise|organize|prepare {text}",
            "make|create|draft|write|give|build|prepare [me|us] a|an [new|short|little] plan|checklist|roadmap [for|to|of] {text}",
            "break [down] {text} [down|up] into [small|smaller|single|a_few] steps|todos|tasks|parts|pieces|chunks",
            "break down {text}",
            "break {text} down",
            "what are the steps for|to|of {text}",
            "what steps do i need for|to {text}",
            "plan for {text}",
            "my goal is [to] {text}",
            "split {text} into [small|smaller] steps|todos|tasks"
        ) { $0.planning },
        IntentRule(
            firmness: .everyday,
            "plan|organise|organize [out] {text}",
            "help me [to] {text}"
        ) { $0.planning },
    ]

    static let adding: [IntentRule] = [
        IntentRule(
            yieldsTo: .listWord,
            "add|append|create [also|too] {items}",
            "make [me|us] [a|an|another] [new] todo|task|reminder|item [to|for|called|named|:] {items}",
            "new|another|next todo|task|reminder|item|one [to|for|called|named|:] {items}",
            "todo|task|reminder|remember|todos|tasks : {items}",
            "set [me] [up] a|another reminder [to|for|about] {items}"
        ) { $0.adding() },
        IntentRule(
            yieldsTo: .certain,
            "remind me [again|also] [to|about|of|that] {items}",
            "remind us [to|about] {items}",
            "do not forget [to|about|that] {items}",
            "do not let me forget [to|about] {items}",
            "remember to {items}",
            "make sure [that] [i|to|we] {items}",
            "i|we [also|really|still|just] need|have|ought|got|are_going|am_going to {items}",
            "i|we [also|really|still] must|should {items}",
            "need|have to {items}",
            "must {items}",
            "i|we will have|need to {items}",
            "i|we have got to {items}",
            "i|we [also|really|still] need {items}",
            "i|we will need {items}",
            "i|we am|are|ran|have_run [nearly|almost] out of {items}"
        ) { $0.adding() },
        IntentRule(
            "add|create|append [a|an|another] [new] [todo|task|item|reminder] [please|:]",
            "new|another todo|task|item|reminder|one",
            "remind me"
        ) { _ in .talk(.whatToAdd) },
        IntentRule(
            firmness: .everyday,
            yieldsTo: .listWord,
            "put|insert|include|log|record|schedule|need|jot {items}",
            "write|jot|note|put down {items}",
            "todo|task {items}"
        ) { $0.adding() },
        IntentRule(
            yieldsTo: .listWord,
            "i|we have [got] a|an|my {items}",
            "there is a|an|the {items}"
        ) { $0.adding(onlyWithDay: true) },
    ]
}
