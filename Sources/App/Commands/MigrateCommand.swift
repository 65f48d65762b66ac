import ArgumentParser
import Persistence

/// `agent migrate`
struct MigrateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "migrate",
        abstract: "Brings the database to the schema of this version.",
        discussion: "Several may do so at once: each step is made by one, and the others wait for it. `agent serve` does the same as it starts."
    )

    @OptionGroup var options: DatabaseOptions

    func run() async throws {
        let address = try options.address(options.settings())
        try await Settings.mistakesAsFailure {
            if try await address.check() == .partlySeen { print("The database is large: not all of it was looked through.") }
            // Its description has no password.
            let database = try await address.open()
            let clock = ContinuousClock()
            let start = clock.now
            let count = Migrations.all.count
            let applied = try await database.migrate { step in
                print("Applied \(step.version) of \(count): \(step.name) (after \(((clock.now - start) / .milliseconds(1)).rounded()) ms)")
            }
            print(applied.isEmpty ? "The database \(address) is up to date." : "The database \(address) is now up to date.")
            try await database.close()
        }
    }
}
