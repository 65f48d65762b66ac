import Foundation
import Persistence

/// An SQLite file with rows of which each says who it is, for tests that damage it.
enum DamagedFile {
    static func make(_ path: String, rows: Int) async throws {
        let database = try await SQLiteDatabase.open(path: path)
        try await database.write { transaction in
            try transaction.execute("CREATE TABLE t (n BIGINT NOT NULL PRIMARY KEY, text TEXT NOT NULL)")
            for number in 1...rows { try transaction.execute("INSERT INTO t (n, text) VALUES (\(number), \(text(of: number)))") }
        }
        try await database.close()
    }

    static func text(of number: Int) -> String {
        String(repeating: "row \(number) ", count: 8)
    }

    static func overwrite(_ path: String, at offset: Int, with bytes: [UInt8]) throws {
        let file = try FileHandle(forUpdating: URL(fileURLWithPath: path))
        try file.seek(toOffset: UInt64(offset))
        try file.write(contentsOf: Data(bytes))
        try file.close()
    }

    static func truncate(_ path: String, to length: Int) throws {
        let file = try FileHandle(forUpdating: URL(fileURLWithPath: path))
        try file.truncate(atOffset: UInt64(length))
        try file.close()
    }
}
