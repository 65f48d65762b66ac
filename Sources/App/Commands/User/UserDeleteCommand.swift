import ArgumentParser
import Gateway
import Persistence

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// `agent user delete`
struct UserDeleteCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete",
        abstract: "Deletes an account with its todos, conversations, runs and sessions, at once and for good.",
        discussion: """
            Until SQLite uses its place again, what was deleted can still be found in the database's files: `agent vacuum` takes it out of them.
            Backups made before hold it too.
            """
    )

    @Argument(help: "The account's address or id.")
    var account: String

    @Flag(name: .shortAndLong, help: "Does not ask.")
    var yes = false

    @OptionGroup var options: UserOptions

    func run() async throws {
        if !yes { try await confirm() }
        let user = try await options.administrate { try await $0.delete(account) }
        options.report(user, "Deleted \(user.email) and everything in it.")
    }

    private func confirm() async throws {
        guard isatty(STDIN_FILENO) == 1 else {
            throw ExitCode.mistake(SettingMistake("Nobody can be asked here. Add --yes to delete the account for good."), code: 2)
        }
        let user = try await options.administrate { try await $0.account(account) }.user
        print("Delete \(user.email) (\(user.name)) with everything in it, for good? Write its address to go on: ", terminator: "")
        guard readLine() == user.email else { throw ExitCode.mistake(SettingMistake("Nothing was deleted."), code: 1) }
    }
}
