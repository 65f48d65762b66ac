import ArgumentParser
import Gateway
import Persistence

/// `agent user reset-password`
struct UserResetPasswordCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reset-password",
        abstract: "Prints a password that is good for one sign-in, within three days, at which the person chooses another.",
        discussion: "Every session and run of the account ends."
    )

    @Argument(help: "The account's address or id.")
    var account: String

    @OptionGroup var options: UserOptions

    func run() async throws {
        try await options.administrate { accounts in
            let (user, password) = try await accounts.resetPassword(of: account)
            options.report(user, "One-time password for \(user.email): \(password)", oneTimePassword: password)
        }
    }
}
