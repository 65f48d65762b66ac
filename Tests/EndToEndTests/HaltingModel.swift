import DatabaseFixtures
import Foundation

/// `Servers/halting_model.py`; it ends with this process.
final class HaltingModel: Sendable {
    let url: String
    private let process = Process()
    private let life = Pipe()

    init() throws {
        let output = Pipe()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["python3", URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Servers/halting_model.py").path]
        process.standardInput = life
        process.standardOutput = output
        try process.runAlone()
        let line = String(decoding: try output.fileHandleForReading.available(), as: UTF8.self)
        guard let port = Int(line.trimmingCharacters(in: .whitespacesAndNewlines)) else {
            throw ServerEnded(log: "halting_model.py did not say its port.")
        }
        url = "http://127.0.0.1:\(port)"
    }

    deinit {
        try? life.fileHandleForWriting.close()
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
    }
}
