import Foundation
public import Persistence

/// Gives a folder that is gone when the body has returned.
@discardableResult
public func withTemporaryFolder<T>(_ body: (String) async throws -> T) async throws -> T {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("agent-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    return try await body(folder.path)
}

/// Gives a migrated database in a file of its own.
@discardableResult
public func withDatabase<T>(_ body: (SQLiteDatabase) async throws -> T) async throws -> T {
    try await withTemporaryFolder { folder in
        let database = try await SQLiteDatabase.open(path: folder + "/test.db")
        try await database.migrate()
        let result = try await body(database)
        try await database.close()
        return result
    }
}

/// Gives the address of an empty database: a file, or a schema of the tests' server.
@discardableResult
public func withAddress<T>(on driver: Driver, _ body: (DatabaseAddress) async throws -> T) async throws -> T {
    switch driver {
    case .sqlite: try await withTemporaryFolder { try await body(.sqlite(path: $0 + "/test.db")) }
    case .postgres:
        try await PostgresPlaces.shared.use { address in try await body(.postgres(address)) }
    }
}

/// Gives a migrated database of its own.
@discardableResult
public func withDatabase<T>(on driver: Driver, _ body: (any Database) async throws -> T) async throws -> T {
    try await withAddress(on: driver) { address in
        let database = try await address.open()
        try await database.migrate()
        let result = try await body(database)
        try await database.close()
        return result
    }
}
