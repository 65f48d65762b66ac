import ArgumentParser
import Gateway
import Persistence

/// `agent user disable`
struct UserDisableCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "disable",
        abstract: "Ends every session and run of an account and lets nobody in; everything in it stays."
    )

    @Argument(help: "The account's address or id.")
    var account: String

    @OptionGroup var options: UserOptions

    func run() async throws {
        let user = try await options.administrate { try await $0.disable(account) }
        options.report(user, "Disabled \(user.email).")
    }
}
