import AgentRuntime
import Foundation

/// A call of one of the todo tools, as the offline model makes it.
struct OfflineCall: Sendable, Hashable {
    var name: String
    var arguments: [String: JSONValue] = [:]

    static func list(_ status: TodoFilter.Status, query: String? = nil) -> OfflineCall {
        var arguments: [String: JSONValue] = ["status": .string(status.rawValue)]
        if let query { arguments["query"] = .string(String(String.UnicodeScalarView(query.unicodeScalars.prefix(200)))) }
        return OfflineCall(name: "list_todos", arguments: arguments)
    }

    /// The list of one todo.
    static func look(at id: Int) -> OfflineCall {
        OfflineCall(name: "list_todos", arguments: ["status": "all", "after": .integer(max(0, id - 1)), "limit": 1])
    }

    static func add(_ todo: NewTodo) -> OfflineCall {
        var arguments: [String: JSONValue] = ["title": .string(todo.title)]
        if let due = todo.due { arguments["due"] = .string(due.description) }
        if let notes = todo.notes { arguments["notes"] = .string(notes) }
        return OfflineCall(name: "add_todo", arguments: arguments)
    }

    static func update(_ id: Int, _ changes: [String: JSONValue]) -> OfflineCall {
        OfflineCall(name: "update_todo", arguments: changes.merging(["id": .integer(id)]) { $1 })
    }

    static func complete(_ id: Int) -> OfflineCall { OfflineCall(name: "complete_todo", arguments: ["id": .integer(id)]) }
    static func reopen(_ id: Int) -> OfflineCall { OfflineCall(name: "reopen_todo", arguments: ["id": .integer(id)]) }
    static func delete(_ id: Int) -> OfflineCall { OfflineCall(name: "delete_todo", arguments: ["id": .integer(id)]) }
}

/// What a call answered.
struct OfflineOutcome: Sendable {
    let call: OfflineCall
    /// As the tool wrote it; empty when nothing came.
    let output: String
    /// The todo that the output is.
    let todo: ListedTodo?
    /// The todos that the output lists; nil when it is no list.
    let list: [ListedTodo]?
    /// Whether there is more of the list.
    let isPartial: Bool

    init(_ call: OfflineCall, output: String) {
        self.call = call
        self.output = output
        let whole = try? JSONValue(json: output)
        let json = whole ?? OfflineOutcome.salvaged(output)
        todo = json.flatMap(ListedTodo.init) ?? json?["deleted"].flatMap(ListedTodo.init)
        list = json?["data"]?.array?.compactMap(ListedTodo.init)
        isPartial = whole == nil || json?["has_more"]?.bool == true
    }

    /// The todos before the place where the runner cut a list that was too long.
    private static func salvaged(_ output: String) -> JSONValue? {
        guard let start = output.range(of: "\"data\":["), let end = output.range(of: "},{", options: .backwards), start.upperBound < end.lowerBound
        else { return nil }
        return try? JSONValue(json: "{\"data\":[" + output[start.upperBound..<end.lowerBound] + "}]}")
    }
}
