import Foundation
import Testing

/// What README says of settings is what the built program takes.
@Suite(.timeLimit(.minutes(2))) struct ReadmeTests {
    private let readme: String
    private let folder = RunningServer.temporaryFolder()

    init() throws {
        readme = try String(contentsOf: RunningServer.prompts.deletingLastPathComponent().appending(path: "README.md"), encoding: .utf8)
    }

    @Test func everySettingIsNamedAndNoOther() async throws {
        let names = Set(
            try await output("serve", "--print-config").split(separator: "\n").compactMap { $0.split(separator: ":").first.map(String.init) })
        #expect(names.count > 40)
        let missing = names.filter { !readme.contains("`AGENT_\($0.uppercased())`") && !readme.contains("`\($0)`") }
        #expect(missing.isEmpty)
        let variables = Set(readme.matches(of: /`AGENT_([A-Z_]+)`/).map { $0.1.lowercased() })
        #expect(variables.count > 30)
        #expect(variables.subtracting(names).isEmpty)
    }

    @Test func everyCommandAndEveryFlagOfTheGatewayIsNamed() async throws {
        let commands = try await output("help").matches(of: /(?m)^  ([a-z]+)(  .*)?$/).map { String($0.1) }
        #expect(commands.contains("serve") && commands.count >= 9)
        for command in commands { #expect(readme.contains("agent \(command)"), "\(command)") }
        let help = try await output("serve", "--help")
        let flags = Set(help.matches(of: /--[a-z][a-z-]*/).map { String($0.0) }).subtracting(["--help"])
        #expect(flags.count > 10)
        for flag in flags { #expect(readme.contains(flag), "\(flag)") }
        let variables = help.matches(of: /\(([A-Z_]+)\)/).map { String($0.1) }
        #expect(variables.count > 10)
        for variable in variables { #expect(readme.contains("`\(variable)`"), "\(variable)") }
    }

    private func output(_ arguments: String...) async throws -> String {
        let call = try await AgentCall.run(arguments, in: folder)
        #expect(call.status == 0, "\(call.errors)")
        return call.output
    }
}
