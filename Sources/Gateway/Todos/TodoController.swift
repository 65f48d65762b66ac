import AgentRuntime
import HTTPTypes
import Hummingbird
import Persistence

/// The routes under `/api/todos`, each for the todos of the person who asks.
struct TodoController: Sendable {
    let store: TodoStore
    private let keyed = KeyedRequests()

    init(store: TodoStore) {
        self.store = store
    }

    /// - Parameter group: The routes of signed-in people.
    func addRoutes(to group: SignedInRoutes) {
        group.on(.listTodos, use: list)
        group.on(.addTodo, use: add)
        group.on(.readTodo, use: get)
        group.on(.changeTodo, use: update)
        group.on(.deleteTodo, use: delete)
    }

    private func list(_ request: Request, _ context: UserRequestContext) async throws -> JSONResponse<TodoList> {
        let query = try QueryFields.read(request) { $0.todoQuery() }
        let todos = store.todos(of: context.user.id)
        return JSONResponse(try await todos.list(status: query.status, query: query.text, limit: query.limit, after: query.after))
    }

    private func add(_ request: Request, _ context: UserRequestContext) async throws -> JSONResponse<Todo> {
        let key = try request.idempotencyKey()
        let new = try await RequestFields.read(request) { $0.newTodo() }
        let todos = store.todos(of: context.user.id)
        let todo = try await keyed.perform(key, of: context.user) {
            if let key {
                try await todos.add(title: new.title, notes: new.notes, due: new.due, completed: new.completed, idempotencyKey: key)
            } else {
                try await todos.add(title: new.title, notes: new.notes, due: new.due, completed: new.completed)
            }
        }
        return JSONResponse(todo, status: .created, headers: [.location: "/api/todos/\(todo.id)"])
    }

    private func get(_ request: Request, _ context: UserRequestContext) async throws -> JSONResponse<Todo> {
        JSONResponse(try await store.todos(of: context.user.id).get(try context.todoNumber))
    }

    private func update(_ request: Request, _ context: UserRequestContext) async throws -> JSONResponse<Todo> {
        let number = try context.todoNumber
        let changes = try await RequestFields.read(request) { $0.todoChanges() }
        return JSONResponse(try await store.todos(of: context.user.id).update(number, changes))
    }

    private func delete(_ request: Request, _ context: UserRequestContext) async throws -> Response {
        try await store.todos(of: context.user.id).delete(try context.todoNumber)
        return Response(status: .noContent)
    }
}

extension UserRequestContext {
    /// The number in the path; what cannot be one is as absent as a todo that is not there.
    fileprivate var todoNumber: Int {
        get throws {
            let text = try parameters.require("number")
            guard let number = Int(text), number > 0, String(number) == text else { throw Problem.notFound }
            return number
        }
    }
}
