import DatabaseFixtures

@testable import Persistence

/// Gives an open database with a table of numbers, in a schema of its own, and the address of that schema.
func withNumbers(
    limits: PostgresLimits = PostgresLimits(),
    _ body: (PostgresDatabase, PostgresAddress) async throws -> Void
) async throws {
    try await PostgresPlaces.shared.use { address in
        let database = try await PostgresDatabase.open(address, limits: limits)
        try await database.write { try $0.execute("CREATE TABLE t (n BIGINT NOT NULL UNIQUE)") }
        try await body(database, address)
        try await database.close()
    }
}

/// As `withNumbers`, through a proxy; the second database reaches the server directly.
func withNumbersBehindProxy(
    limits: PostgresLimits = PostgresLimits(),
    _ body: (PostgresDatabase, PostgresProxy, PostgresDatabase) async throws -> Void
) async throws {
    try await withNumbers { direct, address in
        let proxy = try PostgresProxy(to: address.socketPath)
        defer { proxy.stop() }
        let database = try await PostgresDatabase.open(try address.through(proxy), limits: limits)
        try await body(database, proxy, direct)
        proxy.behaviour = .refuses
        try await database.close()
    }
}

extension PostgresAddress {
    var socketPath: String { (settings["host"] ?? "") + "/.s.PGSQL." + (settings["port"] ?? "") }

    func through(_ proxy: PostgresProxy) throws -> PostgresAddress {
        try PostgresAddress("postgres://agent@127.0.0.1:\(proxy.port)/postgres?readers=2&allow_fsync_off=true&sslmode=disable&schema=\(schema ?? "")")
    }
}

extension Database {
    func numbers() async throws -> [Int] {
        try await read { try $0.all("SELECT n FROM t ORDER BY n").map { try $0.int("n") } }
    }

    @discardableResult
    func insert(_ number: Int) async throws -> Int {
        try await write { try $0.execute("INSERT INTO t (n) VALUES (\(number))") }
    }

    func add(_ number: Int) -> PendingWrite<Int> {
        enqueue { try $0.execute("INSERT INTO t (n) VALUES (\(number))") }
    }
}
