import AgentRuntime
import ArgumentParser
import Gateway
import Persistence

/// `agent user`
struct UserCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "user",
        abstract: "Lists and changes accounts.",
        discussion: "Gateways on the same database may run meanwhile; they follow within seconds.",
        subcommands: [
            UserListCommand.self, UserAddCommand.self, UserResetPasswordCommand.self, UserDisableCommand.self, UserEnableCommand.self,
            UserDeleteCommand.self,
        ]
    )
}

/// What every command about accounts takes.
struct UserOptions: ParsableArguments {
    @OptionGroup var database: DatabaseOptions

    @Flag(help: "Prints JSON.")
    var json = false

    /// Does something with the accounts of the database. Mistakes end the command with a sentence.
    /// - Parameter makes: Whether the database is made when there is none.
    func administrate<Output>(makes: Bool = false, _ work: (AccountAdministration) async throws -> Output) async throws -> Output {
        let settings = try database.settings()
        let address = try database.address(settings)
        let policy = try Settings.mistakesAsUsage { PasswordPolicy(minimumLength: try settings.number(.passwordMinimum, in: 8...256)) }
        let logger = try Settings.mistakesAsUsage { try Assembly.logger(settings) }
        return try await Settings.mistakesAsFailure {
            let database = try await makes ? address.openAndMigrate(logger) : address.openExisting()
            let output = try await work(try AccountAdministration(users: UserStore(database: database), policy: policy, logger: logger))
            try await database.close()
            return output
        }
    }

    /// What was done to an account, in words or as JSON.
    func report(_ user: User, _ sentence: String, oneTimePassword: String? = nil) {
        guard json else {
            print(sentence)
            return
        }
        var members = user.json
        if let oneTimePassword { members["one_time_password"] = .string(oneTimePassword) }
        print(JSONValue.object(members).text)
    }
}
