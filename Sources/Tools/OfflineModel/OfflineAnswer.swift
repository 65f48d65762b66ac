import AgentRuntime

/// The answer to a turn, built from what the tools answered: it claims nothing that an output does not say.
struct OfflineAnswer: Sendable {
    private let days: DayPhrase
    private var sentences: [String] = []

    /// `changed` are the outcomes of all steps of the works, `viewed` those of their views, each in order.
    init(works: [OfflineWork], changed: [OfflineOutcome], viewed: [OfflineListing], failedLook: OfflineOutcome?, today: Day?) {
        days = DayPhrase(today: today)
        if let failedLook { sentences.append("I could not read your list: \(OfflineAnswer.reason(failedLook))") }
        var changed = changed[...]
        var viewed = viewed[...]
        for work in works {
            report(work, Array(changed.prefix(work.steps.count)))
            changed = changed.dropFirst(work.steps.count)
            // What could not be looked up is no news beside the failed look itself.
            for remark in work.remarks where failedLook == nil || !remark.needsList {
                sentences.append(sentence(for: remark, isAlone: works.count == 1))
            }
            if let filter = work.view {
                viewed.first.map { sentences.append(listing($0, filter)) }
                viewed = viewed.dropFirst()
            }
        }
    }

    var isEmpty: Bool { sentences.isEmpty }

    var text: String {
        guard !sentences.isEmpty else { return OfflineTalk.unclear(nil) }
        return sentences.reduce(into: "") { text, sentence in
            if !text.isEmpty { text += text.contains("\n") || sentence.contains("\n") ? "\n" : " " }
            text += sentence
        }
    }

    // MARK: Changes

    private mutating func report(_ work: OfflineWork, _ outcomes: [OfflineOutcome]) {
        var index = 0
        let pairs = Array(zip(work.steps, outcomes))
        while index < pairs.count {
            let verb = pairs[index].0.verb
            var end = index
            while end < pairs.count, pairs[end].0.verb == verb { end += 1 }
            report(verb, pairs[index..<end], work)
            index = end
        }
    }

    private mutating func report(_ verb: OfflineWork.Verb, _ pairs: ArraySlice<(OfflineWork.Step, OfflineOutcome)>, _ work: OfflineWork) {
        let done = pairs.filter { step, outcome in OfflineAnswer.confirms(outcome, verb) }
        if !done.isEmpty { sentences.append(success(verb, done, work)) }
        for (step, outcome) in pairs where !OfflineAnswer.confirms(outcome, verb) { sentences.append(failure(step, outcome)) }
    }

    /// Whether the output says what the call was to bring about.
    private static func confirms(_ outcome: OfflineOutcome, _ verb: OfflineWork.Verb) -> Bool {
        guard let todo = outcome.todo else { return false }
        let arguments = outcome.call.arguments
        return switch verb {
        case .complete: todo.completed
        case .reopen: !todo.completed
        case .add, .plan: todo.due?.description == arguments["due"]?.string
        case .rename: todo.title == arguments["title"]?.string
        case .reschedule: todo.due?.description == arguments["due"]?.string
        case .clearDue: todo.due == nil
        case .note: todo.notes != nil
        case .clearNotes: todo.notes == nil
        case .delete: true
        }
    }

    private func success(_ verb: OfflineWork.Verb, _ done: [(OfflineWork.Step, OfflineOutcome)], _ work: OfflineWork) -> String {
        let todos = done.compactMap { $0.1.todo }
        let names = OfflineAnswer.enumeration(todos.map(OfflineAnswer.name))
        let areDone = todos.count == 1 ? "is" : "are"
        switch verb {
        case .add: return "Added \(withDays(todos))."
        case .plan:
            let lines = todos.map { "\n- #\($0.id) \($0.title)" + ($0.due.map { ", due \(days.describe($0))" } ?? "") }
            return "I made \(todos.count) steps for “\(work.goal ?? "")” from my built-in template and put them on your list:" + lines.joined()
        case .complete: return "Marked \(names) as done."
        case .reopen: return "Reopened \(names)."
        case .delete: return "Deleted \(names)."
        case .rename:
            let old = done.first?.0.before.map { "“\($0.title)”" } ?? "#\(todos.first?.id ?? 0)"
            return "Renamed \(old) to \(names)."
        case .reschedule:
            let dues = Set(todos.map(\.due))
            guard dues.count == 1, let due = todos.first?.due else { return "Moved \(withDays(todos))." }
            return "\(names) \(areDone) now due \(days.describe(due))."
        case .clearDue: return "\(names) now \(todos.count == 1 ? "has" : "have") no due date."
        case .note: return "\(names) now \(todos.count == 1 ? "has" : "have") the note “\(OfflineAnswer.oneLine(todos.first?.notes ?? ""))”."
        case .clearNotes: return "Removed the notes of \(names)."
        }
    }

    private func failure(_ step: OfflineWork.Step, _ outcome: OfflineOutcome) -> String {
        let arguments = outcome.call.arguments
        let asked = arguments["title"]?.string.map { "“\(OfflineAnswer.shortened($0))”" } ?? arguments["id"]?.integer.map { "#\($0)" } ?? "that"
        let name = step.before.map(OfflineAnswer.name) ?? asked
        if let todo = outcome.todo {
            let due = todo.due.map { ", due \(days.describe($0))" } ?? ", without a due date"
            return "The tool took the change to \(name), but now says: “\(todo.title)”, \(todo.completed ? "done" : "open")\(due)."
        }
        return "I could not \(step.verb.phrase) \(name): \(OfflineAnswer.reason(outcome))"
    }

    // MARK: Lists

    private func listing(_ listing: OfflineListing, _ filter: TodoFilter) -> String {
        if let failure = listing.failure { return "I could not read your list: \(OfflineAnswer.reason(failure))" }
        let todos = listing.todos.filter(filter.admits)
        if todos.isEmpty { return nothing(filter) + (listing.isPartial ? " There are more todos than I was shown." : "") }
        let lines = todos.prefix(OfflineLimits.listed).map { "\n- " + line($0, marksDone: filter.status == .all) }
        let more =
            todos.count > OfflineLimits.listed
            ? "\n… and \(todos.count - OfflineLimits.listed) more." : listing.isPartial ? "\n… and more than I was shown." : ""
        return "\(heading(todos, filter)):" + lines.joined() + more
    }

    private func heading(_ todos: [ListedTodo], _ filter: TodoFilter) -> String {
        let noun = todos.count == 1 ? "todo" : "todos"
        if let query = filter.query { return "I found \(todos.count) \(noun) about “\(query)”\(conditions(filter))" }
        let done = todos.count(where: \.completed)
        switch filter.status {
        case .open where isOverdue(filter): return "You have \(todos.count) overdue \(noun)"
        case .open: return "You have \(todos.count) open \(noun)\(conditions(filter))"
        case .completed: return "You have \(todos.count) completed \(noun)\(conditions(filter))"
        case .all: return "You have \(todos.count) \(noun)\(conditions(filter))" + (done > 0 ? ", \(done) of them done" : "")
        }
    }

    private func nothing(_ filter: TodoFilter) -> String {
        if let query = filter.query { return "I found no \(filter.status == .open ? "open " : "")todo about “\(query)”\(conditions(filter))." }
        let conditions = conditions(filter)
        switch filter.status {
        case .open where isOverdue(filter): return "You have no overdue todos."
        case .open: return conditions.isEmpty ? "Nothing is left to do: you have no open todos." : "You have no open todos\(conditions)."
        case .completed: return "You have no completed todos\(conditions)."
        case .all: return conditions.isEmpty ? "Your list is empty." : "You have no todos\(conditions)."
        }
    }

    private func conditions(_ filter: TodoFilter) -> String {
        let due = filter.due.map { isOverdue(filter) ? " (overdue)" : " \($0.label)" } ?? ""
        return due + (filter.isUndated ? " without a due date" : "")
    }

    private func isOverdue(_ filter: TodoFilter) -> Bool {
        filter.due?.label == TodoFilter.DueRange.overdue
    }

    private func line(_ todo: ListedTodo, marksDone: Bool) -> String {
        var line = "#\(todo.id) \(todo.title)"
        if let due = todo.due {
            let isOverdue = days.today.map { due < $0 } ?? false
            line += isOverdue && !todo.completed ? ", overdue since \(days.describe(due))" : ", due \(days.describe(due))"
        }
        return marksDone && todo.completed ? line + " (done)" : line
    }

    // MARK: Remarks

    private func sentence(for remark: OfflineWork.Remark, isAlone: Bool) -> String {
        switch remark {
        case .talk(let talk): OfflineTalk.words(for: talk, today: days.today)
        case .sentence(let sentence): sentence
        case .unclear(let text): OfflineTalk.unclear(text, isAlone: isAlone)
        case .doubt(let doubt): sentence(for: doubt)
        case .already(let todos, let state):
            "\(OfflineAnswer.enumeration(todos.map(OfflineAnswer.name))) \(todos.count == 1 ? "is" : "are") \(state)."
        case .details(let todos): todos.map(details).joined(separator: " ")
        case .lacking(let tool): "I cannot do that here: the tool \(tool) is not among mine."
        case .confirmDeleting(let todos): confirmation(todos)
        case .askDay: "To which day? For example “to Friday” or “by two days”."
        case .leftOver(let count):
            "I change at most \(OfflineLimits.changes) todos at a time, so \(count) \(count == 1 ? "is" : "are") left; say it again to go on."
        }
    }

    private func confirmation(_ todos: [ListedTodo]) -> String {
        let (what, them) = todos.count == 1 ? ("your only todo", "it") : ("all \(todos.count) todos", "them")
        return "That would delete \(what):\(choices(todos))\n"
            + "Say yes to delete \(them), or name the ones to delete, such as “delete \(todos.first?.id ?? 1)” or “clear completed”."
    }

    private func sentence(for doubt: TodoResolver.Doubt) -> String {
        switch doubt {
        case .missing(let words): "I found no todo that matches “\(OfflineAnswer.shortened(words))”."
        case .ambiguous(let words, let todos): "Which “\(OfflineAnswer.shortened(words))” do you mean?" + choices(todos)
        case .unclear(let todos): todos.isEmpty ? "I do not know which todo you mean; please name it." : "Which todo do you mean?" + choices(todos)
        case .none(let filter): "I found no \(filter.status == .completed ? "completed " : "")todo\(conditions(filter)) for that."
        }
    }

    private func choices(_ todos: [ListedTodo]) -> String {
        let lines = todos.prefix(OfflineLimits.listed).map { "\n- " + line($0, marksDone: true) }
        return lines.joined() + (todos.count > OfflineLimits.listed ? "\n… and \(todos.count - OfflineLimits.listed) more." : "")
    }

    private func details(_ todo: ListedTodo) -> String {
        let due = todo.due.map { ", due \(days.describe($0))" } ?? ", without a due date"
        let notes = todo.notes.map { " Note: \(OfflineAnswer.oneLine($0))" } ?? ""
        return "\(OfflineAnswer.name(todo)) is \(todo.completed ? "done" : "open")\(due).\(notes)"
    }

    // MARK: Words

    private static func name(_ todo: ListedTodo) -> String {
        "“\(todo.title)” (#\(todo.id))"
    }

    /// `“milk” (#1) and “eggs” (#2), both due tomorrow`.
    private func withDays(_ todos: [ListedTodo]) -> String {
        guard Set(todos.map(\.due)).count == 1 else {
            return OfflineAnswer.enumeration(
                todos.map { todo in todo.due.map { "\(OfflineAnswer.name(todo)) due \(days.describe($0))" } ?? OfflineAnswer.name(todo) }
            )
        }
        let names = OfflineAnswer.enumeration(todos.map(OfflineAnswer.name))
        guard let due = todos.first?.due else { return names }
        return "\(names), \(todos.count == 1 ? "" : todos.count == 2 ? "both " : "all ")due \(days.describe(due))"
    }

    private static func enumeration(_ parts: [String]) -> String {
        guard let last = parts.last, parts.count > 1 else { return parts.first ?? "" }
        return parts.dropLast().joined(separator: ", ") + " and " + last
    }

    /// What the tool said instead of a todo, as a sentence.
    private static func reason(_ outcome: OfflineOutcome) -> String {
        let text = shortened(oneLine(outcome.output))
        if text.isEmpty { return "the tool gave no answer." }
        return text.hasSuffix(".") || text.hasSuffix("!") || text.hasSuffix("…") ? text : text + "."
    }

    private static func oneLine(_ text: String) -> String {
        Phrase.collapsingSpace(Array(text.unicodeScalars)[...])
    }

    static func shortened(_ text: String, to length: Int = 200) -> String {
        text.unicodeScalars.count <= length ? text : String(String.UnicodeScalarView(text.unicodeScalars.prefix(length))) + "…"
    }
}

extension OfflineWork.Remark {
    /// Whether it speaks of what the list held.
    fileprivate var needsList: Bool {
        if case .doubt = self { true } else { false }
    }
}

extension OfflineWork.Verb {
    /// As in `I could not complete “milk”`.
    fileprivate var phrase: String {
        switch self {
        case .add, .plan: "add"
        case .clearDue: "clear the due date of"
        case .note: "add the note to"
        case .clearNotes: "remove the notes of"
        case .reschedule: "move"
        case .complete, .reopen, .delete, .rename: rawValue
        }
    }
}
