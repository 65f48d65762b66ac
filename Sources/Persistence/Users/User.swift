/// A person with an account.
public struct User: Sendable, Hashable {
    public let id: String
    public let email: String
    public let name: String
    /// The IANA name of the time zone last seen.
    public let timeZone: String?

    public init(id: String, email: String, name: String, timeZone: String? = nil) {
        self.id = id
        self.email = email
        self.name = name
        self.timeZone = timeZone
    }
}

extension User {
    static let columns: SQL = "users.id AS user_id, users.email AS user_email, users.name AS user_name, users.time_zone AS user_time_zone"

    init(_ row: Row) throws {
        id = try row.text("user_id")
        email = try row.text("user_email")
        name = try row.text("user_name")
        timeZone = try row.optionalText("user_time_zone")
    }
}
