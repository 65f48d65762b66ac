/// Where a PostgreSQL server is and how to sign in: `postgres://user:password@host:5432/name?sslmode=verify-full`.
///
/// The form is libpq's (https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNSTRING-URIS), for one server. What is absent comes
/// from libpq's environment and files. The password is in no description of the value.
public struct PostgresAddress: Sendable, Hashable {
    /// libpq's settings that an address may make; all the others are this package's, or would undo its rules.
    static let settingNames: Set = [
        "application_name", "dbname", "host", "hostaddr", "password", "port", "sslcert", "sslkey", "sslmode", "sslrootcert", "target_session_attrs",
        "user",
    ]

    /// The schema in which the tables are; nil for the one that the server chooses.
    public private(set) var schema: String?
    /// How many connections read at a time.
    public private(set) var readers = 4
    /// Whether a server may run without `fsync`: for tests, as a power loss may then take what was acknowledged.
    public private(set) var allowsUnsafeServer = false

    private(set) var settings: [String: String] = [:]

    /// Throws `StoreError.malformedAddress`, whose sentence says what to mend.
    public init(_ text: String) throws {
        guard let scheme = ["postgres://", "postgresql://"].first(where: text.hasPrefix) else {
            throw StoreError.malformedAddress("The address of a PostgreSQL server begins with postgres://.")
        }
        guard text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "#") }) else {
            throw StoreError.malformedAddress("The address of the database has characters that must be written as %XX.")
        }
        let parts = text.dropFirst(scheme.count).split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        let place = (parts.first ?? "").split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        try read(authority: place.first ?? "")
        if place.count > 1 { try set("dbname", to: place[1]) }
        let parameters = parts.count > 1 ? parts[1] : ""
        // Otherwise a part of the password may be taken for a parameter, and be named.
        guard !parameters.contains("@") else {
            throw StoreError.malformedAddress(
                "The address of the database has an @ behind its ?; in a user or password write %3F for ? and %40 for @.")
        }
        for pair in parameters.split(separator: "&") { try read(parameter: pair) }
    }

    private mutating func read(authority: Substring) throws {
        let at = authority.lastIndex(of: "@")
        if let at {
            let user = authority[..<at].split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            try set("user", to: user.first ?? "")
            if user.count > 1 { try set("password", to: user[1]) }
        }
        let server = at.map { authority[authority.index(after: $0)...] } ?? authority
        if server.hasPrefix("[") {
            let end = server.firstIndex(of: "]") ?? server.startIndex
            try set("host", to: server[..<end].dropFirst())
            try read(port: server[end...].dropFirst())
        } else {
            let end = server.firstIndex(of: ":") ?? server.endIndex
            guard !server[..<end].contains(",") else {
                throw StoreError.malformedAddress("The address of the database names more than one server; one is what can be used.")
            }
            try set("host", to: server[..<end])
            try read(port: server[end...])
        }
    }

    private mutating func read(port: Substring) throws {
        guard !port.isEmpty else { return }
        guard port.hasPrefix(":"), let number = UInt16(port.dropFirst()), number > 0 else {
            throw StoreError.malformedAddress("The port in the address of the database must be a number from 1 to 65535, for one server.")
        }
        settings["port"] = String(number)
    }

    private mutating func read(parameter: Substring) throws {
        let pair = parameter.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        guard pair.count == 2, let name = pair.first.map(String.init), let value = Self.decoded(pair[1]) else {
            throw StoreError.malformedAddress(
                "What follows the ? in the address of the database must be NAME=VALUE&NAME=VALUE, with %XX for other bytes.")
        }
        switch name {
        case "schema" where !value.isEmpty && value.utf8.count < 64: schema = value
        case "readers":
            guard let number = Int(value), (1...64).contains(number) else {
                throw StoreError.malformedAddress("'readers' in the address of the database must be a number from 1 to 64.")
            }
            readers = number
        case "allow_fsync_off":
            guard value == "true" || value == "false" else {
                throw StoreError.malformedAddress("'allow_fsync_off' in the address of the database must be true or false.")
            }
            allowsUnsafeServer = value == "true"
        case let name where Self.settingNames.contains(name): try set(name, to: pair[1])
        default:
            let known = Self.settingNames.union(["allow_fsync_off", "readers", "schema"]).sorted().joined(separator: ", ")
            throw StoreError.malformedAddress("The address of the database has the parameter '\(name)', which is not one of \(known).")
        }
    }

    private mutating func set(_ name: String, to text: Substring) throws {
        guard let value = Self.decoded(text) else {
            throw StoreError.malformedAddress("The address of the database has a % that is not followed by two hexadecimal digits, or hides U+0000.")
        }
        if !value.isEmpty { settings[name] = value }
    }

    private static func decoded(_ text: Substring) -> String? {
        var bytes: [UInt8] = []
        var rest = Substring(text).utf8
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            guard let high = rest.popFirst().flatMap(digit), let low = rest.popFirst().flatMap(digit), high + low > 0 else { return nil }
            bytes.append(high << 4 | low)
        }
        return String(validating: bytes, as: UTF8.self)
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        Character(Unicode.Scalar(byte)).hexDigitValue.map { UInt8($0) }
    }
}

extension PostgresAddress: CustomStringConvertible, CustomReflectable {
    /// Without the password.
    public var description: String {
        let host = settings["host"] ?? settings["hostaddr"] ?? "the default host"
        let port = settings["port"].map { ", port \($0)" } ?? ""
        let user = settings["user"].map { " as \($0)" } ?? ""
        return "PostgreSQL at \(host)\(port), database \(settings["dbname"] ?? "of the user")\(user)"
    }

    public var customMirror: Mirror { Mirror(self, children: ["address": description]) }
}
