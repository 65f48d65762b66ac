public import AgentRuntime
public import Persistence

/// Whom a run acts for, and all that its tools can reach: the signed-in user, with stores narrowed to them.
public struct UserContext: Sendable {
    public let user: User
    /// The day of the message, in the user's time zone.
    public let today: Day
    /// An IANA name, such as `Europe/Berlin`.
    public let timeZone: String
    public let todos: UserTodos

    public init(user: User, today: Day, timeZone: String, todos: UserTodos) {
        self.user = user
        self.today = today
        self.timeZone = timeZone
        self.todos = todos
    }
}

extension UserContext {
    /// The names that prompt files may use for this context.
    public static let placeholders = ["user.name", "today", "weekday", "time_zone"]

    /// The values of the placeholders.
    public var values: [String: String] {
        let weekdays = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
        return [
            "user.name": user.name, "today": today.description, "weekday": weekdays[today.weekday - 1], "time_zone": timeZone,
        ]
    }
}
