import AgentRuntime
import DatabaseFixtures
import Foundation

/// `Servers/weather.py`, run by the Python that `scripts/python-packages.sh` makes.
final class PythonServer: Sendable {
    let url: String
    private let process: Process

    /// Started by the client, over standard input and output.
    static var started: MCPServer { command([:]) }

    static func command(_ environment: [String: String]) -> MCPServer {
        MCPServer(MCPStdioTransport(command: python, arguments: [script], environment: environment))
    }

    /// As `--mcp` takes it, with more keys.
    static func mapping(_ more: [String: JSONValue]) -> String {
        let members: [String: JSONValue] = ["command": .string(python), "args": [.string(script)]]
        return JSONValue.object(members.merging(more) { $1 }).text
    }

    /// Listens on a free port, over HTTP.
    static func listening() async throws -> PythonServer {
        let port = try FreePort.find()
        let process = Process()
        let errors = Pipe()
        process.executableURL = URL(filePath: python)
        process.arguments = [script, String(port)]
        process.standardError = errors
        process.standardOutput = FileHandle.nullDevice
        try process.runAlone()
        let isReady = await withCheckedContinuation { continuation in
            DispatchQueue.global().async { continuation.resume(returning: says("Uvicorn running", errors.fileHandleForReading)) }
        }
        let server = PythonServer(url: "http://127.0.0.1:\(port)/mcp", process)
        guard isReady else { throw ServerEnded(log: "weather.py did not listen; run scripts/python-packages.sh.") }
        return server
    }

    /// At once: asked to end, it would wait for the calls it has not answered.
    func end() {
        guard process.isRunning else { return }
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
    }

    deinit { end() }

    private init(url: String, _ process: Process) {
        self.url = url
        self.process = process
    }

    private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    private static let python = root.appending(path: ".build-python/venv/bin/python").path
    private static let script = root.appending(path: "Tests/EndToEndTests/Servers/weather.py").path

    private static func says(_ text: String, _ file: FileHandle) -> Bool {
        var seen = ""
        while true {
            guard let piece = try? file.available(), !piece.isEmpty else { return false }
            seen += String(decoding: piece, as: UTF8.self)
            if seen.contains(text) { return true }
        }
    }
}
