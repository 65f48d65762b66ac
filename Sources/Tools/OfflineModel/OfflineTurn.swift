import AgentRuntime

/// Decides what comes next in a turn, from the message and from the calls already made for it.
///
/// A turn has at most three rounds of calls: look (the list, when titles or `it` must be resolved), change, and view (what is left). The plan is
/// made anew each time and the recorded calls are taken off it in order, so nothing is remembered between requests.
struct OfflineTurn: Sendable {
    enum Step: Sendable {
        case call([OfflineCall])
        case handOff(to: ToolDefinition, goal: String, saying: String?)
        case answer(String)
    }

    let conversation: OfflineConversation
    let intents: [Intent]
    let memory: OfflineMemory
    private let recorded: [OfflineConversation.Call]

    /// The turn of the last message; earlier ones on request.
    init(_ conversation: OfflineConversation, turn index: Int? = nil, depth: Int = 0) {
        let index = index ?? conversation.turns.count - 1
        let turn = conversation.turns.indices.contains(index) ? conversation.turns[index] : nil
        let earlier = conversation.turns.prefix(max(0, index))
        self.conversation = conversation
        memory = OfflineMemory(earlier)
        recorded = turn?.calls ?? []
        intents = OfflineReply(conversation, turn: index, depth: depth).intents
    }

    func nextStep() -> Step {
        var replay = OfflineReplay(recorded)
        do {
            let looked = try look(&replay)
            let works = works(knowing: looked.resolver)
            let changed = try replay.outcomes(of: works.flatMap(\.steps).map(\.call))
            let viewed = try replay.listings(works.compactMap(\.view).map { .list($0.status, query: $0.query) })
            let answer = OfflineAnswer(works: works, changed: changed, viewed: viewed, failedLook: looked.failure, today: conversation.today)
            if let planner = conversation.planner, let goal = plannedGoal {
                return .handOff(to: planner, goal: goal, saying: answer.isEmpty ? nil : answer.text)
            }
            return .answer(answer.text)
        } catch {
            return .call(error.calls)
        }
    }

    /// What the turn's calls led to, with the intents; empty while they are under way.
    func worksSoFar() -> [(intent: Intent, work: OfflineWork)] {
        var replay = OfflineReplay(recorded)
        guard let looked = try? look(&replay) else { return [] }
        return Array(zip(intents, works(knowing: looked.resolver)))
    }

    private var plannedGoal: String? {
        intents.lazy.compactMap { if case .plan(let goal) = $0 { goal } else { nil } }.first
    }

    // MARK: Looking

    /// Lists what the intents speak of: the likelier half of the list first, the other half for what is not there, then a search for what a
    /// long list did not show.
    private func look(_ replay: inout OfflineReplay) throws(OfflineReplay.Unanswered) -> (resolver: TodoResolver, failure: OfflineOutcome?) {
        let looking = intents.filter { needsList($0) && lacking($0) == nil }
        let likely = [TodoFilter.Status.open, .completed].filter { status in looking.contains { statuses(of: $0).contains(status) } }
        var listings = try replay.listings(likely.map { .list($0) })
        var resolver = resolver(listings)
        if !missing(looking, resolver).isEmpty, likely.count == 1 {
            listings += try replay.listings([.list(likely == [.open] ? .completed : .open)])
            resolver = self.resolver(listings)
        }
        if listings.contains(where: \.isPartial) {
            listings += try replay.listings(Array(missing(looking, resolver).prefix(OfflineLimits.searches)))
            resolver = self.resolver(listings)
        }
        return (resolver, listings.lazy.compactMap(\.failure).first)
    }

    private func resolver(_ listings: [OfflineListing]) -> TodoResolver {
        var seen: Set<Int> = []
        let todos = listings.flatMap(\.todos).filter { seen.insert($0.id).inserted }
        return TodoResolver(list: todos.sorted { $0.id < $1.id }, memory: memory)
    }

    private func needsList(_ intent: Intent) -> Bool {
        intent.needsDetails || intent.references?.contains { TodoResolver.needsList($0, memory: memory) } ?? false
    }

    private func statuses(of intent: Intent) -> [TodoFilter.Status] {
        switch intent {
        case .reopen: [.completed]
        case .delete(let references), .show(let references):
            references.flatMap { reference -> [TodoFilter.Status] in
                switch reference {
                case .every(let filter): filter.status == .all ? [.open, .completed] : [filter.status]
                case .words(let wording) where wording.isPlural: [.open, .completed]
                default: [.open]
                }
            }
        default: [.open]
        }
    }

    /// Searches for what the list does not hold.
    private func missing(_ intents: [Intent], _ resolver: TodoResolver) -> [OfflineCall] {
        intents.flatMap { intent in
            let resolution = resolver.resolve(intent.references ?? [], prefers: { _ in true })
            let words = resolution.doubts.compactMap { if case .missing(let words) = $0 { OfflineCall.list(.all, query: words) } else { nil } }
            return words + (intent.needsDetails ? resolution.targets.filter { $0.todo == nil }.map { .look(at: $0.id) } : [])
        }
    }

    // MARK: Changing

    /// The works in order, with no more changes than one message may make.
    private func works(knowing resolver: TodoResolver) -> [OfflineWork] {
        var room = OfflineLimits.changes
        var views = OfflineLimits.views
        return intents.map { intent in
            var work = lacking(intent).map { OfflineWork(remarks: [.lacking($0)]) } ?? self.work(for: intent, resolver)
            if work.steps.count > room {
                work.remarks.append(.leftOver(work.steps.count - room))
                work.steps.removeLast(work.steps.count - room)
            }
            room -= work.steps.count
            if work.view != nil { views -= 1 }
            if views < 0 { work.view = nil }
            return work
        }
    }

    private func work(for intent: Intent, _ resolver: TodoResolver) -> OfflineWork {
        switch intent {
        case .add(let todos):
            OfflineWork(steps: todos.map { .init(verb: .add, call: .add($0)) })
        case .list(let filter): OfflineWork(view: filter)
        case .show(let references):
            each(references, resolver, prefers: { _ in true }) { target, work in
                target.todo.map { work.remarks.append(.details([$0])) } ?? work.remarks.append(.doubt(.missing("#\(target.id)")))
            }
        case .complete(let references):
            changing(references, .complete, resolver, prefers: { !$0.completed }, already: "already done") { .complete($0.id) }
        case .reopen(let references):
            changing(references, .reopen, resolver, prefers: \.completed, already: "still open") { .reopen($0.id) }
        case .delete(let references): deleting(references, resolver)
        case .rename(let references, let title): renaming(references, title, resolver)
        case .reschedule(let references, let day): rescheduling(references, day, resolver)
        case .clearDue(let references):
            changing(references, .clearDue, resolver, prefers: { $0.due != nil }) { .update($0.id, ["clear": ["due"]]) }
        case .note(let references, let text):
            changing(references, .note, resolver, prefers: { !$0.completed }) { target in
                .update(target.id, ["notes": .string([target.todo?.notes, text].compactMap(\.self).joined(separator: "\n"))])
            }
        case .clearNotes(let references):
            changing(references, .clearNotes, resolver, prefers: { $0.notes != nil }) { .update($0.id, ["clear": ["notes"]]) }
        case .plan(let goal): planning(goal)
        case .undo: undoing()
        case .talk(let talk): OfflineWork(remarks: [.talk(talk)])
        case .refused(let sentence): OfflineWork(remarks: [.sentence(sentence)])
        case .unclear(let text): OfflineWork(remarks: [.unclear(text)])
        }
    }

    /// The tool that an intent cannot do without, if it is not offered.
    private func lacking(_ intent: Intent) -> String? {
        let tool: String? =
            switch intent {
            case .add: "add_todo"
            case .plan: conversation.planner == nil ? "add_todo" : nil
            case .list, .show: "list_todos"
            case .complete: "complete_todo"
            case .reopen: "reopen_todo"
            case .delete: "delete_todo"
            case .rename, .reschedule, .clearDue, .note, .clearNotes: "update_todo"
            case .undo, .talk, .refused, .unclear: nil
            }
        return [tool, needsList(intent) ? "list_todos" : nil].compactMap(\.self).first { !conversation.offers($0) }
    }

    private func each(
        _ references: [TodoReference],
        _ resolver: TodoResolver,
        prefers: (ListedTodo) -> Bool,
        _ body: (TodoResolver.Target, inout OfflineWork) -> Void
    ) -> OfflineWork {
        let resolution = resolver.resolve(references, prefers: prefers)
        var work = OfflineWork(remarks: resolution.doubts.map(OfflineWork.Remark.doubt))
        for target in resolution.targets { body(target, &work) }
        return work
    }

    /// One call a todo; todos that the list shows to be as they should be are only mentioned.
    private func changing(
        _ references: [TodoReference],
        _ verb: OfflineWork.Verb,
        _ resolver: TodoResolver,
        prefers: (ListedTodo) -> Bool,
        already: String? = nil,
        _ call: (TodoResolver.Target) -> OfflineCall
    ) -> OfflineWork {
        each(references, resolver, prefers: prefers) { target, work in
            if let already, let todo = target.todo, !prefers(todo) {
                work.remarks.append(.already([todo], already))
            } else {
                work.steps.append(.init(verb: verb, call: call(target), before: target.todo ?? target.remembered))
            }
        }
    }

    /// Deleting everything is asked about before it is done.
    private func deleting(_ references: [TodoReference], _ resolver: TodoResolver) -> OfflineWork {
        let work = changing(references, .delete, resolver, prefers: { _ in true }) { .delete($0.id) }
        let isSweeping = references.contains { if case .every(let filter) = $0 { filter.isSweeping } else { false } }
        guard isSweeping, !work.steps.isEmpty else { return work }
        return OfflineWork(remarks: [.confirmDeleting(work.steps.compactMap(\.before))])
    }

    private func renaming(_ references: [TodoReference], _ title: String, _ resolver: TodoResolver) -> OfflineWork {
        let work = changing(references, .rename, resolver, prefers: { !$0.completed }) { .update($0.id, ["title": .string(title)]) }
        return work.steps.count > 1 ? OfflineWork(remarks: [.sentence("I can rename one todo at a time; which one do you mean?")]) : work
    }

    private func rescheduling(_ references: [TodoReference], _ day: Rescheduling, _ resolver: TodoResolver) -> OfflineWork {
        each(references, resolver, prefers: { !$0.completed }) { target, work in
            switch day {
            case .unsaid: if !work.remarks.contains(.askDay) { work.remarks.append(.askDay) }
            case .to(let due):
                work.steps.append(
                    .init(verb: .reschedule, call: .update(target.id, ["due": .string(due.description)]), before: target.todo ?? target.remembered)
                )
            case .by(let span):
                guard let todo = target.todo else {
                    work.remarks.append(.doubt(.missing("#\(target.id)")))
                    return
                }
                guard let start = todo.due ?? conversation.today, let due = span.added(to: start) else {
                    work.remarks.append(.sentence("I cannot work out that day for #\(target.id); please name it."))
                    return
                }
                work.steps.append(
                    .init(verb: .reschedule, call: .update(target.id, ["due": .string(due.description)]), before: target.todo ?? target.remembered)
                )
            }
        }
    }

    private func planning(_ goal: String) -> OfflineWork {
        guard conversation.planner == nil else { return OfflineWork() }
        let plan = GoalPlan(goal, dates: DateGrammar(today: conversation.today))
        return OfflineWork(steps: plan.todos.map { .init(verb: .plan, call: .add($0)) }, goal: plan.goal)
    }

    private func undoing() -> OfflineWork {
        var work = OfflineWork()
        for change in memory.lastChanges {
            guard let todo = change.todo else { continue }
            switch change.call.name {
            case "delete_todo": work.steps.append(.init(verb: .add, call: .add(NewTodo(title: todo.title, due: todo.due, notes: todo.notes))))
            case "add_todo": work.steps.append(.init(verb: .delete, call: .delete(todo.id), before: todo))
            case "complete_todo": work.steps.append(.init(verb: .reopen, call: .reopen(todo.id), before: todo))
            case "reopen_todo": work.steps.append(.init(verb: .complete, call: .complete(todo.id), before: todo))
            default: work.remarks.append(.sentence("I cannot take back what was done to “\(todo.title)”."))
            }
        }
        if let tool = work.steps.map(\.verb.tool).first(where: { !conversation.offers($0) }) { return OfflineWork(remarks: [.lacking(tool)]) }
        return memory.lastChanges.isEmpty ? OfflineWork(remarks: [.sentence("There is nothing here that I could take back.")]) : work
    }
}

extension Intent {
    /// Whether it can be carried out only knowing how the todos are.
    fileprivate var needsDetails: Bool {
        switch self {
        case .note, .show, .reschedule(_, .by): true
        default: false
        }
    }
}

extension TodoFilter {
    /// Whether it leaves nothing out but perhaps what is done.
    fileprivate var isSweeping: Bool {
        status != .completed && due == nil && query == nil && !isUndated
    }
}
