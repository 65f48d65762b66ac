import AgentRuntime
import Gateway
import Persistence
import Tools

/// The owner of the machine, for whom the command line acts.
struct LocalPerson: Sendable {
    let user: User
    let todos: UserTodos

    /// Opens the person's account `local`, which cannot sign in over HTTP.
    init(in database: any Database) async throws {
        let stores = Stores(database: database)
        user = try await stores.users.local()
        todos = stores.todos.todos(of: user.id)
    }

    /// What a run at this moment may reach.
    func context() throws -> UserContext {
        let timeZone = LocalDay.machineTimeZone
        guard let today = LocalDay.day(of: WallClock.system.now, in: timeZone) ?? LocalDay.day(of: WallClock.system.now, in: "UTC") else {
            throw SettingMistake("The clock of this machine is outside the years 1 to 9999.")
        }
        return UserContext(user: user, today: today, timeZone: timeZone, todos: todos)
    }
}

extension LocalPerson {
    /// A person without an account, for agents that have no tools.
    init(withoutAccountIn database: any Database) {
        user = User(id: "local", email: "local", name: "local")
        todos = Stores(database: database).todos.todos(of: user.id)
    }
}
