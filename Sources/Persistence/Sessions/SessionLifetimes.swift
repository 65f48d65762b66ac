/// How long a sign-in lasts.
public struct SessionLifetimes: Sendable {
    /// From one use to the next.
    public var idle: Duration
    /// From the sign-in on, whatever happens.
    public var absolute: Duration
    /// How long the previous generation still gets its successor: for parallel requests and lost answers.
    public var grace: Duration

    public init(idle: Duration = .seconds(14 * 86_400), absolute: Duration = .seconds(30 * 86_400), grace: Duration = .seconds(10)) {
        self.idle = idle
        self.absolute = absolute
        self.grace = grace
    }
}
