import ArgumentParser
import Persistence

/// `agent migrate`
struct MigrateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "migrate", abstract: "Brings the database to the schema of this version.")

    @Option(help: "sqlite:PATH or postgres://USER:PASSWORD@HOST/NAME. (AGENT_DATABASE)")
    var database: String?

    @Option(help: "A JSON file with settings.")
    var config: String?

    func run() async throws {
        var flags: [Setting: String] = [:]
        flags[.database] = database
        let settings = try Settings.read(flags, file: config)
        let address = try Settings.mistakesAsUsage { try settings.text(.database) }
        try await Settings.mistakesAsFailure {
            // Its description has no password.
            let address = try DatabaseAddress(address)
            let database = try await address.open()
            let applied = try await database.migrate { print("Applied \($0.version): \($0.name)") }
            print(applied.isEmpty ? "The database \(address) is up to date." : "The database \(address) is now up to date.")
        }
    }
}
