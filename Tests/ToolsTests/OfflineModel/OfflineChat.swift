import AgentRuntime

@testable import Tools

/// A conversation with the offline model, over a todo list in memory whose tools answer as the real ones do.
struct OfflineChat {
    private(set) var items: [Item] = []
    /// The calls of the last message, as `name arguments`.
    private(set) var calls: [String] = []
    private(set) var handoffs: [String] = []
    /// What the model was asked last.
    private(set) var request = ModelRequest(input: [])
    var instructions = "You look after a todo list.\n\nToday is 2026-12-02 (Wednesday)."
    var tools = OfflineChat.todoTools
    var settings = ModelSettings()
    /// Answers calls instead of the list, by the tool's name.
    var failing: [String: String] = [:]
    /// How many todos a page of the list holds.
    var pageSize = 50

    private var todos: [ListedTodo] = []
    private var nextID = 1

    static let todoTools = ["add_todo", "list_todos", "update_todo", "complete_todo", "reopen_todo", "delete_todo"]

    init(_ titles: String...) {
        for title in titles { _ = add(["title": .string(title)]) }
    }

    /// What the model says at the end of the turn; nil when it never comes to an end.
    @discardableResult
    mutating func say(_ message: String) -> String? {
        items.append(.user(message))
        calls = []
        for _ in 0..<10 {
            let definitions = tools.map {
                ToolDefinition(name: $0, description: "", parameters: ["type": "object", "properties": [:], "required": []])
            }
            request = ModelRequest(instructions: instructions, input: items, tools: definitions, settings: settings)
            let response = OfflineResponse.response(to: request)
            items += response.items
            guard !response.functionCalls.isEmpty else { return response.text }
            for call in response.functionCalls {
                calls.append("\(call.name) \(call.arguments)")
                items.append(.output(output(of: call), of: call.callID))
            }
        }
        return nil
    }

    /// The titles of the list, with the day, and done ones in brackets.
    var list: [String] {
        todos.map { todo in
            let text = [todo.title, todo.due?.description, todo.notes.map { "<\($0)>" }].compactMap(\.self).joined(separator: " ")
            return todo.completed ? "[\(text)]" : text
        }
    }

    /// As if it were added on the page.
    mutating func addBesideTheChat(_ title: String) {
        _ = add(["title": .string(title)])
    }

    // MARK: The list

    private mutating func output(of call: Item.FunctionCall) -> String {
        if let failure = failing[call.name] { return failure }
        if call.name.hasPrefix("transfer_to_") {
            handoffs.append(call.name)
            tools = OfflineChat.todoTools + ["transfer_to_assistant"]
            return "{\"assistant\":\"Planner\"}"
        }
        guard let arguments = try? JSONValue(json: call.arguments) else { return "The arguments are not JSON." }
        switch call.name {
        case "add_todo": return add(arguments)
        case "list_todos": return page(arguments)
        default: return change(call.name, arguments)
        }
    }

    private mutating func add(_ arguments: JSONValue) -> String {
        guard let title = arguments["title"]?.string,
            let todo = ListedTodo([
                "id": .integer(nextID), "title": .string(title), "due": arguments["due"] ?? .null, "notes": arguments["notes"] ?? .null,
            ])
        else { return "The argument 'title' is missing." }
        nextID += 1
        todos.append(todo)
        return todo.json.text
    }

    private func page(_ arguments: JSONValue) -> String {
        let status = arguments["status"]?.string ?? "open"
        let after = arguments["after"]?.integer ?? 0
        let fitting = todos.filter { todo in
            let words = arguments["query"]?.string?.lowercased().split(separator: " ") ?? []
            return todo.id > after && (status == "all" || todo.completed == (status == "completed"))
                && words.allSatisfy { todo.title.lowercased().contains($0) }
        }
        let page = fitting.prefix(arguments["limit"]?.integer ?? pageSize)
        return JSONValue.object(["data": .array(page.map(\.json)), "has_more": .bool(page.count < fitting.count)]).text
    }

    private mutating func change(_ name: String, _ arguments: JSONValue) -> String {
        guard let id = arguments["id"]?.integer, let index = todos.firstIndex(where: { $0.id == id }) else {
            return "There is no todo \(arguments["id"]?.integer ?? 0). Call list_todos for the numbers."
        }
        guard var members = todos[index].json.object else { return "" }
        switch name {
        case "complete_todo": members["completed"] = true
        case "reopen_todo": members["completed"] = false
        case "delete_todo": return JSONValue.object(["deleted": todos.remove(at: index).json]).text
        default:
            for key in ["title", "due", "notes"] { members[key] = arguments[key] ?? members[key] }
            for key in arguments["clear"]?.array ?? [] { members[key.string ?? ""] = .null }
        }
        guard let todo = ListedTodo(.object(members)) else { return "" }
        todos[index] = todo
        return todo.json.text
    }
}

extension ListedTodo {
    var json: JSONValue {
        [
            "id": .integer(id), "title": .string(title), "notes": notes.map(JSONValue.string) ?? .null,
            "due": due.map { .string($0.description) } ?? .null,
            "completed": .bool(completed), "created_at": "2026-12-01T10:00:00.000Z", "updated_at": "2026-12-01T10:00:00.000Z",
        ]
    }
}
