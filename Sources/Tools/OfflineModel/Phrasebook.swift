/// Everything the offline model understands, in one place: to teach it a way to say something, add a line to its group.
///
/// The first rule that fits a clause wins, so groups are ordered from the special to the general.
enum Phrasebook {
    struct Entry: Sendable {
        let rule: IntentRule
        let pattern: Pattern
    }

    static let rules: [IntentRule] =
        smallTalk + notes + dueDates + reopening + questions + clearing + completing + rescheduling + renaming + deleting + planning + adding
        + reports + statements + bareWords

    /// The entries whose pattern can start with this token, in the order of the rules.
    static func entries(startingWith token: Token?) -> [Entry] {
        guard let token else { return [] }
        return token.isQuoted ? index.slotFirst : index.byFirstWord[token.folded] ?? index.slotFirst
    }

    private static let index: (byFirstWord: [String: [Entry]], slotFirst: [Entry]) = {
        let entries = rules.flatMap { rule in rule.patterns.map { Entry(rule: rule, pattern: $0) } }
        let words = Set(entries.flatMap { $0.pattern.firstWords ?? [] })
        let byFirstWord = words.map { word in (word, entries.filter { $0.pattern.firstWords?.contains(word) ?? true }) }
        return (Dictionary(uniqueKeysWithValues: byFirstWord), entries.filter { $0.pattern.firstWords == nil })
    }()
}

// MARK: Talk

extension Phrasebook {
    private static let smallTalk: [IntentRule] = [
        IntentRule(
            firmness: .never,
            "hi|hello|hey|hiya|howdy|yo|greetings [there|again|you]",
            "good_morning|good_afternoon|good_evening|good_day",
            "how are you [doing] [today]"
        ) { _ in .talk(.greeting) },
        IntentRule(
            firmness: .never,
            "thanks|thank_you|thx|ty|cheers [so|very] [much|a_lot|again|kindly]",
            "many thanks",
            "thanks for {text}",
            "thank you for {text}"
        ) { _ in .talk(.thanks) },
        IntentRule(
            firmness: .never,
            "bye|goodbye|bye_bye|ciao|farewell|good_night",
            "see you [later|soon|tomorrow]"
        ) { _ in .talk(.farewell) },
        IntentRule(
            "help [me] [please]",
            "what can you do [for_me]",
            "what can i do|say|ask|type [here]",
            "how do|can i use this|you|it",
            "how does this|it work",
            "commands|usage|manual",
            "what are you able to do",
            "what do you do|understand|know",
            "what else can you do",
            "how do you work",
            "i need help"
        ) { _ in .talk(.help) },
        IntentRule(
            "who|what are you",
            "what|which model are|is you|this|it",
            "are you a|an|the {text}",
            "are you real|human|ai|chatgpt|gpt|alive|offline|online",
            "what is your name",
            "who made you",
            "is this a|an|the real|actual {text}"
        ) { _ in .talk(.identity) },
        IntentRule(
            "what day|date is it|today [today]",
            "what is today|the_date|the_day|today's_date [today]",
            "which day is it|today [today]"
        ) { _ in .talk(.today) },
        IntentRule(
            firmness: .never,
            "yes|ok|okay|sure|great|cool|nice|perfect|good|awesome|alright|fine|yep|yeah|wonderful|super|excellent|right",
            "got it",
            "that|this|it is|was [very|really|so] great|good|nice|perfect|awesome|cool|helpful|right",
            "well done",
            "good job",
            "sounds good"
        ) { _ in .talk(.agreement) },
        IntentRule(
            firmness: .never,
            "no|nope|nah|cancel|stop|nothing|nevermind",
            "never mind",
            "forget it",
            "no thanks",
            "no thank you"
        ) { _ in .talk(.refusal) },
    ]
}

// MARK: Notes and days

extension Phrasebook {
    private static let notes: [IntentRule] = [
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

    private static let dueDates: [IntentRule] = [
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

// MARK: Reopening

extension Phrasebook {
    private static let reopening: [IntentRule] = [
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

// MARK: Questions

extension Phrasebook {
    private static let questions: [IntentRule] = [
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

// MARK: Changing

extension Phrasebook {
    private static let clearing: [IntentRule] = [
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

    private static let completing: [IntentRule] = [
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

    private static let rescheduling: [IntentRule] = [
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

    private static let renaming: [IntentRule] = [
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

    private static let deleting: [IntentRule] = [
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

    private static let planning: [IntentRule] = [
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

    private static let adding: [IntentRule] = [
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

// MARK: Statements

extension Phrasebook {
    private static let reports: [IntentRule] = [
        IntentRule("i|we [have] [already|just|finally|also|now] {past} {todos} [already|just_now]") { .complete($0.todos) },
        IntentRule(
            firmness: .everyday,
            "[already|just|finally] {past} {todos} [already|just_now]"
        ) { .complete($0.todos) },
    ]

    private static let statements: [IntentRule] = [
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
    private static let bareWords: [IntentRule] = [
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
