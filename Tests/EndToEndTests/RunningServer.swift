import AgentRuntime
import AgentTesting
import DatabaseFixtures
import Foundation

/// The built executable, serving on a free port with a database in a temporary folder, ended with the test.
final class RunningServer: Sendable {
    let url: String
    let folder: URL
    private let process: Process
    private let output = Pipe()

    /// - Parameter environment: Beside PATH and HOME, all that the process gets.
    init(
        scheme: String = "http",
        in folder: URL = RunningServer.temporaryFolder(),
        prompts: URL = RunningServer.prompts,
        environment: [String: String] = [:]
    ) throws {
        let port = try FreePort.find()
        url = "\(scheme)://127.0.0.1:\(port)"
        self.folder = folder
        process = Process()
        process.executableURL = RunningServer.executable
        process.currentDirectoryURL = folder
        process.arguments = ["serve", "--port", String(port), "--prompts", prompts.path]
        process.environment = ["PATH": "/usr/bin:/bin", "HOME": folder.path].merging(environment) { _, new in new }
        process.standardOutput = output
        process.standardError = try FileHandle(forWritingTo: RunningServer.emptyFile(folder.appending(path: "log-\(port).jsonl")))
        try process.runAlone()
    }

    /// Waits for the line by which the server says that it listens.
    func ready() async throws {
        let line = try await withCheckedThrowingContinuation { continuation in
            DispatchQueue.global().async { [output] in
                continuation.resume(with: Result { try output.fileHandleForReading.available() })
            }
        }
        guard String(decoding: line, as: UTF8.self).contains(url) else {
            process.waitUntilExit()
            throw ServerEnded(log: try String(contentsOf: log, encoding: .utf8))
        }
    }

    /// Waits until the log has a line with these words.
    func logs(_ words: String) async throws {
        let clock = ContinuousClock()
        let limit = clock.now + .seconds(60)
        while try !String(contentsOf: log, encoding: .utf8).contains(words) {
            guard process.isRunning, clock.now < limit else { throw ServerEnded(log: try String(contentsOf: log, encoding: .utf8)) }
            try await clock.sleep(for: .milliseconds(10))
        }
    }

    /// Asks the server to end, and gives its exit code.
    func terminate() -> Int32 {
        process.terminate()
        process.waitUntilExit()
        return process.terminationStatus
    }

    func signal(_ number: Int32) {
        Foundation.kill(process.processIdentifier, number)
    }

    /// Ends the server at once, wherever it is.
    func kill() {
        guard process.isRunning else { return }
        Foundation.kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
    }

    deinit { kill() }

    /// Beside the test bundle, where one build puts all its products.
    static var executable: URL {
        URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent().appending(path: "agent")
    }

    static var prompts: URL {
        URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().appending(path: "prompts")
    }

    static func temporaryFolder() -> URL {
        let folder = FileManager.default.temporaryDirectory.appending(path: "agent-test-\(UUID())")
        try? FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        return folder
    }

    private static func emptyFile(_ file: URL) throws -> URL {
        try Data().write(to: file)
        return file
    }

    /// What the server has written to standard error.
    var logText: String {
        get throws { try String(contentsOf: log, encoding: .utf8) }
    }

    private var log: URL { folder.appending(path: "log-\(url.split(separator: ":").last ?? "").jsonl") }
}

struct ServerEnded: Error, CustomStringConvertible {
    let log: String
    var description: String { "The server ended. \(log)" }
}
