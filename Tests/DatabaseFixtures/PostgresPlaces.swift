public import Persistence

/// Schemas of one server, which is started when the first is asked for and ends with the process.
public actor PostgresPlaces {
    public static let shared = PostgresPlaces()

    /// Tests wait here rather than for one of the server's connections.
    private static let limit = 16

    private var start: Task<PostgresServer, any Error>?
    private var used = 0
    private var count = 0
    private var waiting: [CheckedContinuation<Void, Never>] = []

    /// Gives the address of an empty schema.
    public nonisolated func use<T>(_ body: (PostgresAddress) async throws -> T) async throws -> T {
        let address = try await take()
        do {
            let result = try await body(address)
            await giveBack()
            return result
        } catch {
            await giveBack()
            throw error
        }
    }

    private func take() async throws -> PostgresAddress {
        if used < Self.limit { used += 1 } else { await withCheckedContinuation { waiting.append($0) } }
        do {
            let server = try await server()
            count += 1
            let schema = "test_\(count)"
            try await server.makeSchema(schema)
            return try server.address(schema: schema)
        } catch {
            giveBack()
            throw error
        }
    }

    private func giveBack() {
        if waiting.isEmpty { used -= 1 } else { waiting.removeFirst().resume() }
    }

    private func server() async throws -> PostgresServer {
        if let start { return try await start.value }
        let task = Task { try await PostgresServer.start() }
        start = task
        return try await task.value
    }
}
