import ArgumentParser
import FoundationEssentials
import Persistence

/// `agent backup`
struct BackupCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup",
        abstract: "Copies the database to a file, also while a gateway works on it.",
        discussion: """
            The copy is one moment of the database, is looked through before it gets its name, and never takes the place of a file that is there.
            To go back to a copy of SQLite, end the gateway, move the database and the -wal and -shm files beside it away, and put the copy in its
            place; or try it with `agent serve --database sqlite:COPY`. A copy of PostgreSQL is an archive of pg_dump:
            `createdb NEW && pg_restore --exit-on-error --dbname=NEW COPY`.
            The key that sessions are signed with (AGENT_SECRET, data/secret) is not in it: with another key people have to sign in again.
            """
    )

    @OptionGroup var options: DatabaseOptions

    @Option(name: .shortAndLong, help: "The file to write; one that is not there yet.")
    var output: String

    func run() async throws {
        let address = try options.address(options.settings())
        try await Settings.mistakesAsFailure {
            try await address.backUp(to: output)
            let size = try FileManager.default.attributesOfItem(atPath: output)[.size] as? Int ?? 0
            print("Copied \(address) to \(output) (\(size) bytes).")
        }
    }
}
