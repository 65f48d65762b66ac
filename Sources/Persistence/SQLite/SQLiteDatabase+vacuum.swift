import Dispatch
import GRDB

extension SQLiteDatabase {
    /// Writes the file anew without anything of what was deleted, in the file and in its log. Others may go on; writers among them wait.
    public static func vacuum(path: String) async throws {
        try await DispatchQueue.global().perform {
            do {
                var configuration = Configuration()
                configuration.busyMode = .timeout(30)
                let database = try DatabaseQueue(path: path, configuration: configuration)
                try database.inDatabase { connection in
                    try connection.execute(sql: "VACUUM")
                    // Frames of before are still in the log: back to the file with the latest, and the log to nothing.
                    let row = try GRDB.Row.fetchOne(connection, sql: "PRAGMA wal_checkpoint(TRUNCATE)")
                    let isBusy: Bool = row?["busy"] ?? false
                    if isBusy { throw StoreError.locked }
                }
                try database.close()
            } catch let error as DatabaseError {
                throw StoreError(error, path: path)
            }
        }
    }
}
