import ArgumentParser
import Gateway
import Persistence

/// `agent user enable`
struct UserEnableCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "enable", abstract: "Lets the person of a disabled account sign in again.")

    @Argument(help: "The account's address or id.")
    var account: String

    @OptionGroup var options: UserOptions

    func run() async throws {
        let user = try await options.administrate { try await $0.enable(account) }
        options.report(user, "Enabled \(user.email).")
    }
}
