import AgentRuntime

@testable import Tools

/// Intents as short lines, so that a table of sentences can be read.
extension Intent {
    var summary: String {
        switch self {
        case .add(let todos): "add " + todos.map(\.summary).joined(separator: ", ")
        case .list(let filter): "list " + filter.summary
        case .show(let todos): "show " + todos.summary
        case .complete(let todos): "complete " + todos.summary
        case .reopen(let todos): "reopen " + todos.summary
        case .delete(let todos): "delete " + todos.summary
        case .rename(let todos, let title): "rename \(todos.summary) to '\(title)'"
        case .reschedule(let todos, .to(let day)): "move \(todos.summary) to \(day)"
        case .reschedule(let todos, .by(let span)): "move \(todos.summary) by \(span.count) \(span.unit)"
        case .reschedule(let todos, .unsaid): "move \(todos.summary) to ?"
        case .clearDue(let todos): "clear the day of " + todos.summary
        case .note(let todos, let text): "note on \(todos.summary): \(text)"
        case .clearNotes(let todos): "clear the notes of " + todos.summary
        case .plan(let goal): "plan \(goal)"
        case .undo: "undo"
        case .talk(let talk): talk.rawValue
        case .refused(let sentence): "refused: \(sentence)"
        case .unclear: "unclear"
        }
    }
}

extension NewTodo {
    var summary: String {
        "'\(title)'" + (due.map { " \($0)" } ?? "") + (notes.map { " (\($0))" } ?? "")
    }
}

extension TodoFilter {
    var summary: String {
        [status.rawValue, due?.label, isUndated ? "undated" : nil, query.map { "about '\($0)'" }].compactMap(\.self).joined(separator: " ")
    }
}

extension TodoReference {
    var summary: String {
        switch self {
        case .number(let number): "#\(number)"
        case .ordinal(let place): "no. \(place)"
        case .last: "the last"
        case .it: "it"
        case .them: "them"
        case .unsaid: "?"
        case .words(let wording): (wording.isPlural ? "all " : "") + "'\(wording.written)'"
        case .either(_, let parts): parts.summary
        case .every(let filter): "every \(filter.summary)"
        }
    }
}

extension [TodoReference] {
    var summary: String { map(\.summary).joined(separator: " + ") }
}
