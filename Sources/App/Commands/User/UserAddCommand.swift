import ArgumentParser
import Gateway
import Persistence

/// `agent user add`
struct UserAddCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add",
        abstract: "Makes an account. The password is asked for, or read from the first line of standard input."
    )

    @Argument(help: "The address to sign in with.")
    var email: String

    @Option(help: "The person's name; without it, what stands before the @.")
    var name: String?

    @Flag(help: "Prints a password that is good for one sign-in, within three days, at which the person chooses another.")
    var oneTime = false

    @OptionGroup var options: UserOptions

    func run() async throws {
        let password = oneTime ? nil : try Settings.mistakesAsUsage { try PasswordPrompt.read(for: email) }
        try await options.administrate(makes: true) { accounts in
            if let password {
                let user = try await accounts.add(email, name: name, password: password)
                options.report(user, "Added \(user.email).")
            } else {
                let (user, password) = try await accounts.add(email, name: name)
                options.report(user, "Added \(user.email). One-time password: \(password)", oneTimePassword: password)
            }
        }
    }
}
