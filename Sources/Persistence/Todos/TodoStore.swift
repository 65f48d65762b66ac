/// Everybody's todos; they can be reached for one person at a time only.
public struct TodoStore: Sendable {
    let database: any Database
    let clock: WallClock

    public init(database: any Database, clock: WallClock = .system) {
        self.database = database
        self.clock = clock
    }

    /// The todos of one person.
    /// - Parameter claim: The run on whose behalf is written; none for a person's own requests.
    public func todos(of user: String, claim: RunClaim? = nil) -> UserTodos {
        UserTodos(store: self, owner: user, claim: claim)
    }
}
