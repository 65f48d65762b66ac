import Foundation
import Persistence
import Synchronization

/// A folder that is gone when the body has returned.
@discardableResult
func withTemporaryFolder<T>(_ body: (String) async throws -> T) async throws -> T {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("persistence-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    return try await body(folder.path)
}

/// A migrated database in a file of its own.
@discardableResult
func withDatabase<T>(_ body: (SQLiteDatabase) async throws -> T) async throws -> T {
    try await withTemporaryFolder { folder in
        let database = try await SQLiteDatabase.open(path: folder + "/test.db")
        try await database.migrate()
        let result = try await body(database)
        try await database.close()
        return result
    }
}

/// A clock that moves when it is told to.
final class ManualClock: Sendable {
    private let time = Mutex(Timestamp(milliseconds: 1_800_000_000_000))

    var wall: WallClock { WallClock { [self] in now } }

    var now: Timestamp { time.withLock { $0 } }

    func advance(by duration: Duration) {
        time.withLock { $0 = $0.adding(duration) }
    }
}

extension EmailAddress {
    /// An address that is certainly one.
    static func of(_ name: String) throws -> EmailAddress {
        guard let address = EmailAddress("\(name)@example.org") else { throw NotAnAddress() }
        return address
    }

    private struct NotAnAddress: Error {}
}
