import Logging
import Persistence

extension DatabaseAddress {
    /// Opens the database for a process that keeps it: looks whether it is whole, and brings its schema up to date.
    func openAndMigrate(_ logger: Logger) async throws -> any Database {
        switch try await check() {
        case .new: logger.notice("there is no database yet, so one is made", metadata: ["database": "\(self)"])
        case .partlySeen: logger.notice("the database is large: not all of it was looked through", metadata: ["database": "\(self)"])
        case .whole, .notOurs: break
        }
        let database = try await open()
        try await database.migrate { logger.notice("migrated", metadata: ["version": "\($0.version)", "name": "\($0.name)"]) }
        return database
    }

    /// Opens a database that is there and has the schema of this version, for a command beside a gateway.
    func openExisting() async throws -> any Database {
        guard try await check() != .new else { throw SettingMistake("There is no database \(self).") }
        let database = try await open()
        guard try await database.hasTables(), try await database.isMigrated() else {
            throw SettingMistake("The database \(self) has the schema of an older version. Run `agent migrate` first.")
        }
        return database
    }
}
