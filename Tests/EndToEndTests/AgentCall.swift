import Foundation
import Subprocess

#if canImport(System)
    import System
#else
    import SystemPackage
#endif

/// One command of the built executable, run to its end.
struct AgentCall: Sendable {
    /// -1 when a signal ended it.
    let status: Int
    let output: String
    let errors: String

    /// - Parameter environment: Beside PATH and HOME, all that the process gets.
    /// - Parameter isUnprivileged: Whether the process runs as `nobody`, when these tests run as root.
    static func run(
        _ arguments: [String],
        in folder: URL,
        input: String = "",
        environment: [String: String] = [:],
        isUnprivileged: Bool = false
    ) async throws -> AgentCall {
        let agent = RunningServer.executable.path
        let mustDrop = isUnprivileged && getuid() == 0
        let variables = ["PATH": "/usr/bin:/bin", "HOME": folder.path].merging(environment) { _, new in new }
        let result = try await Subprocess.run(
            Configuration(
                executable: .path(FilePath(mustDrop ? "/usr/bin/setpriv" : agent)),
                arguments: Arguments((mustDrop ? ["--reuid=65534", "--regid=65534", "--clear-groups", agent] : []) + arguments),
                environment: .custom(Dictionary(uniqueKeysWithValues: variables.map { (Environment.Key(stringLiteral: $0.key), $0.value) })),
                workingDirectory: FilePath(folder.path)
            ),
            input: .string(input), output: .string(limit: 1 << 20), error: .string(limit: 1 << 20))
        let status = if case .exited(let code) = result.terminationStatus { Int(code) } else { -1 }
        return AgentCall(status: status, output: result.standardOutput, errors: result.standardError)
    }
}
