import ArgumentParser
import Persistence

/// Where the database is, for the commands that work on it beside a gateway.
struct DatabaseOptions: ParsableArguments {
    @Option(help: "sqlite:PATH or postgres://USER:PASSWORD@HOST/NAME. (AGENT_DATABASE)")
    var database: String?

    @Option(help: "A JSON file with settings.")
    var config: String?

    /// A mistake ends the command with a sentence.
    func settings() throws -> Settings {
        try Settings.read([.database: database].compactMapValues { $0 }, file: config)
    }

    func address(_ settings: Settings) throws -> DatabaseAddress {
        try Settings.mistakesAsUsage { try DatabaseAddress(try settings.text(.database)) }
    }
}
