import ArgumentParser
import Persistence

/// `agent vacuum`
struct VacuumCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "vacuum",
        abstract: "Takes what was deleted out of the files of an SQLite database.",
        discussion: """
            Deleted rows can no longer be reached, but stay in the file until SQLite uses their place again. This writes the file anew without them,
            for which it needs as much room again; gateways wait meanwhile. Backups made before still hold what was deleted.
            """
    )

    @OptionGroup var options: DatabaseOptions

    func run() async throws {
        let address = try options.address(options.settings())
        guard case .sqlite(let path) = address else {
            throw ExitCode.mistake(
                SettingMistake("PostgreSQL has tools of its own for this: autovacuum, and `VACUUM FULL` to write the tables anew."), code: 2)
        }
        try await Settings.mistakesAsFailure {
            guard try await address.check() != .new else { throw SettingMistake("There is no database \(address).") }
            try await SQLiteDatabase.vacuum(path: path)
            print("The database \(address) holds nothing of what was deleted.")
        }
    }
}
