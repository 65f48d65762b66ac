import DatabaseFixtures
import Persistence

/// Gives the stores of two processes that share a database with one person.
func withReplicas(on driver: Driver, _ body: ([Stores], User) async throws -> Void) async throws {
    try await withAddress(on: driver) { address in
        let databases = [try await address.open(), try await address.open()]
        for database in databases { try await database.migrate() }
        let replicas = databases.map { Stores(database: $0) }
        try await body(replicas, try await replicas[0].users.create(email: .of("ada"), name: "Ada", passwordHash: "h"))
        for database in databases { try await database.close() }
    }
}
