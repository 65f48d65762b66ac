import Foundation

/// One command of the built executable, run to its end.
struct AgentCall {
    let status: Int32
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
        try await withCheckedThrowingContinuation { continuation in
            DispatchQueue.global().async {
                continuation.resume(
                    with: Result { try AgentCall(arguments, folder, input, environment, isUnprivileged: isUnprivileged) })
            }
        }
    }

    private init(_ arguments: [String], _ folder: URL, _ input: String, _ environment: [String: String], isUnprivileged: Bool) throws {
        let process = Process()
        let mustDrop = isUnprivileged && getuid() == 0
        process.executableURL = mustDrop ? URL(filePath: "/usr/bin/setpriv") : RunningServer.executable
        let prefix = mustDrop ? ["--reuid=65534", "--regid=65534", "--clear-groups", RunningServer.executable.path] : []
        process.arguments = prefix + arguments
        process.currentDirectoryURL = folder
        process.environment = ["PATH": "/usr/bin:/bin", "HOME": folder.path].merging(environment) { _, new in new }
        let (given, said, failed) = (Pipe(), Pipe(), Pipe())
        process.standardInput = given
        process.standardOutput = said
        process.standardError = failed
        try process.run()
        try given.fileHandleForWriting.write(contentsOf: Data(input.utf8))
        try given.fileHandleForWriting.close()
        // What these commands say is less than a pipe holds.
        output = String(decoding: try said.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
        errors = String(decoding: try failed.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
        process.waitUntilExit()
        status = process.terminationStatus
    }
}
