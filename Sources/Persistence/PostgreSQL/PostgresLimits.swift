/// How long each thing may take; nothing here waits for ever.
///
/// The order matters. A process that stands still within a transaction loses it after `idle`, before the `lock` that somebody else waits for
/// comes to its end; and the server gives up a statement before the client does.
struct PostgresLimits: Sendable {
    /// A connection, until it can be used.
    var connect = Duration.seconds(5)
    /// A statement, at the server.
    var statement = Duration.seconds(10)
    /// A lock that another transaction holds.
    var lock = Duration.seconds(5)
    /// A lock, for a write in a group: it leaves the group rather than hold up the others, and long before the server looks for deadlocks (1 s).
    var groupLock = Duration.milliseconds(200)
    /// A transaction whose client says nothing.
    var idle = Duration.seconds(3)
    /// An answer, at the client. What takes longer is not cancelled: the connection is closed.
    var answer = Duration.seconds(15)
    /// Bytes that the peer does not acknowledge.
    var acknowledgement = Duration.seconds(10)
    /// A read or a write, until it starts: for a free connection, or while there is none.
    var wait = Duration.seconds(10)
    /// A step of the schema, or the wait for another process that makes it.
    static let schemaChange = Duration.seconds(600)
    /// Between two tries to connect, at first and at most.
    var backOff = Duration.milliseconds(50)...Duration.seconds(1)
}
