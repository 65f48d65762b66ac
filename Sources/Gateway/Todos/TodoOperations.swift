import AgentRuntime
import HTTPTypes
import Persistence

extension APIOperation {
    static let todos = [listTodos, addTodo, readTodo, changeTodo, deleteTodo]

    static let listTodos = APIOperation(
        "listTodos", .get, "/api/todos", "The person's todos, by rising number.", scope: .readTodos,
        parameters: [
            .query("status", APISchema.choice(TodoStatus.allCases.map(\.rawValue)), "Only todos in this state."),
            .query("q", APISchema.text(TodoRules.queryLength), "Only todos with this in the title or the notes, whatever its case."),
            .limit(default: 100),
            .query("after", ["type": "integer", "minimum": 0, "maximum": .integer(.max)], "The `after` of the part before."),
        ],
        answers: [.json(.todoList, "A part of the list.", links: todoLinks(from: "/data/0/id"))])

    static let addTodo = APIOperation(
        "addTodo", .post, "/api/todos", "Adds a todo.", scope: .writeTodos, parameters: [.idempotencyKey], body: .newTodo,
        answers: [.json(.todo, "The todo.", status: .created, headers: ["Location": "The todo's path."], links: todoLinks(from: "/id"))],
        problems: [.conflict])

    static let readTodo = APIOperation(
        "readTodo", .get, "/api/todos/{number}", "One todo.", scope: .readTodos, parameters: [todoNumber], answers: [.json(.todo, "The todo.")])

    static let changeTodo = APIOperation(
        "changeTodo", .patch, "/api/todos/{number}", "Changes the fields that are sent; null clears the notes and the day.", scope: .writeTodos,
        parameters: [todoNumber], body: .todoChanges, answers: [.json(.todo, "The todo as it is now.")])

    static let deleteTodo = APIOperation(
        "deleteTodo", .delete, "/api/todos/{number}", "Deletes a todo; its number is not used again.", scope: .writeTodos, parameters: [todoNumber],
        answers: [.empty(.noContent, "It is gone.")])

    private static func todoLinks(from source: String) -> [APILink] {
        APILink.to("readTodo", "changeTodo", "deleteTodo", with: "number", from: source)
    }

    private static let todoNumber = APIParameter.path("number", ["type": "integer", "minimum": 1], "The todo's number, which is its `id`.")
}

extension APISchema {
    static let todos = [todo, todoList, newTodo, todoChanges]

    static let todo = APISchema(
        "Todo",
        [
            "id": ["type": "integer", "minimum": 1], "title": text(TodoRules.titleLength), "notes": nullable(text(TodoRules.notesLength)),
            "due": nullable(day), "completed": boolean, "created_at": instant, "updated_at": instant,
        ])

    static let todoList = list("TodoList", of: todo, after: ["type": "integer"])

    static let newTodo = APISchema(
        "NewTodo",
        [
            "title": todoTitle, "notes": nullable(text(TodoRules.notesLength)), "due": nullable(day), "completed": nullable(boolean),
        ], optional: ["notes", "due", "completed"])

    static let todoChanges = APISchema(
        "TodoChanges",
        ["title": todoTitle, "notes": nullable(text(TodoRules.notesLength)), "due": nullable(day), "completed": boolean],
        optional: ["title", "notes", "due", "completed"])

    private static let todoTitle = text(TodoRules.titleLength, .notBlank)
}
