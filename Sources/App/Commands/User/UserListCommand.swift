import AgentRuntime
import ArgumentParser
import Gateway
import Persistence

/// `agent user list`
struct UserListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "Lists the accounts, by address.")

    @OptionGroup var options: UserOptions

    func run() async throws {
        let accounts = try await options.administrate { try await $0.list() }
        if options.json {
            print(JSONValue.array(accounts.map { .object($0.json) }).text)
        } else {
            for account in accounts { print(account.line) }
        }
    }
}

extension User {
    var json: [String: JSONValue] { ["id": .string(id), "email": .string(email), "name": .string(name)] }
}

extension Account {
    fileprivate var json: [String: JSONValue] {
        var members = user.json
        members["created_at"] = .string(createdAt.description)
        members["disabled"] = .bool(disabledAt != nil)
        members["one_time_password"] = .bool(oneTimeUntil != nil)
        members["last_used_at"] = lastUsedAt.map { .string($0.description) } ?? .null
        return members
    }

    fileprivate var line: String {
        let state = [disabledAt.map { _ in "disabled" }, oneTimeUntil.map { "one-time password until \($0)" }].compactMap { $0 }
        let use = lastUsedAt.map { "last used \($0)" } ?? "not signed in"
        return ["\(user.email)  \(user.name)  \(user.id)", "since \(createdAt), \(use)"].joined(separator: "  ")
            + (state.isEmpty ? "" : "  [\(state.joined(separator: ", "))]")
    }
}
