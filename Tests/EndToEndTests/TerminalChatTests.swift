import AgentRuntime
import DatabaseFixtures
import Foundation
import Glibc
import Testing

/// `agent chat` as a person uses it, with the built-in model.
@Suite struct TerminalChatTests {
    @Test func z252_aChatReadsAMessageALineAndEndsWithItsInput() throws {
        let chat = try TerminalCommand(["chat"], input: "\n  \nadd milk\nwhat's left?\n")
        let (status, output, notes) = chat.result()
        #expect(status == 0)
        #expect(output.contains("[add_todo {\"title\":\"milk\"}]\n[= "))
        #expect(output.contains("milk"))
        #expect(notes.contains("Model: offline"))
        // Two messages: the blank lines are none.
        #expect(output.ranges(of: "[list_todos").count + output.ranges(of: "[add_todo").count == 2)
    }

    @Test(arguments: ["exit", " QUIT "]) func z252_aWordEndsTheChat(word: String) throws {
        let (status, output, _) = try TerminalCommand(["chat"], input: "\(word)\nadd milk\n").result()
        #expect(status == 0)
        #expect(!output.contains("add_todo"))
    }

    @Test func z252_theConversationIsKeptAndGoneOnWithByTheAgentThatSpokeLast() throws {
        let folder = RunningServer.temporaryFolder()
        let (_, output, notes) = try TerminalCommand(["chat"], input: "plan a birthday party\n", in: folder).result()
        #expect(output.contains("[Planner goes on]"))
        let id = try #require(notes.split(separator: "--conversation ").last?.split(separator: "\n").first.map(String.init))
        for arguments in [["--continue"], ["--conversation", id]] {
            let (status, output, _) = try TerminalCommand(["chat"] + arguments, input: "what's left?\n", in: folder).result()
            #expect(status == 0)
            #expect(output.contains("> plan a birthday party\n"))
        }
        let (status, _, mistake) = try TerminalCommand(["chat", "--conversation", "nobody"], input: "", in: folder).result()
        #expect(status == 1)
        #expect(mistake.contains("There is no conversation 'nobody' of yours in this database."))
    }

    @Test func z252_aCallThatNeedsApprovalIsAskedAboutUntilTheAnswerIsOne() throws {
        let folder = RunningServer.temporaryFolder()
        let prompts = folder.appending(path: "prompts")
        try FileManager.default.createDirectory(at: prompts, withIntermediateDirectories: true)
        let text = "---\nname: A\ntools: [todos]\nneeds_approval: [add_todo]\n---\nHelp."
        try Data(text.utf8).write(to: prompts.appending(path: "assistant.md"))
        let input = "add milk\nperhaps\nn\nadd eggs\nalways\nadd bread\nadd jam\n"
        let (status, output, _) = try TerminalCommand(["chat", "--prompts", "prompts"], input: input, in: folder).result()
        #expect(status == 0)
        // Asked twice about milk, once about eggs, and then no more.
        #expect(output.ranges(of: "[y]es, [n]o, [a]lways: ").count == 3)
        #expect(output.ranges(of: "[rejected: ").count == 1)
        #expect(output.ranges(of: "[= ").count == 3)
    }

    @Test func z252_ctrlCStopsTheAnswerAndNotTheProgram() throws {
        let model = try SilentServer()
        let chat = try TerminalCommand(["chat", "--base-url", "http://127.0.0.1:\(model.port)/v1"], environment: ["OPENAI_API_KEY": "k"])
        chat.write("Hello\n")
        #expect(model.hasConnection())
        chat.interrupt()
        chat.write("exit\n")
        let (status, _, notes) = chat.result()
        #expect(status == 0)
        #expect(notes.contains("[stopped]"))
    }

    @Test func theToolsOfAServerAreListedOnItsTerms() throws {
        let server = PythonServer.mapping(["tool_filter": ["allowed_tool_names": ["forecast"]], "require_approval": "always"])
        let (status, output, notes) = try TerminalCommand(["tools", "--mcp", server], input: "").result()
        #expect(status == 0, "\(notes)")
        #expect(output.hasSuffix("weather (server)\n  forecast  [external, asks]  Tells the weather of a city.\n"))
        let named = PythonServer.mapping(["name": "sky", "include_server_in_tool_names": true])
        #expect(try TerminalCommand(["tools", "--mcp", named], input: "").result().output.contains("  mcp_sky__forecast  [external]"))
    }

    @Test(arguments: [
        (["tools", "--mcp", "{comand: x}"], "unknown key 'comand' in the server. Did you mean 'command'?"),
        (["graph", "--agent", "nobody"], "There is no agent 'nobody'. Known: assistant, planner."),
        (["run", "--agent", "asistant", "--input", "Hi"], "There is no agent 'asistant'. Did you mean 'assistant'? Known: assistant, planner."),
        (
            ["run", "--input", "Hi", "--model", "moon/large", "--base-url", "https://api.openai.com/v1"],
            "has the unknown prefix 'moon'. Known: openai."
        ),
    ])
    func aMistakeIsASentenceAndTwo(arguments: [String], sentence: String) throws {
        let (status, _, notes) = try TerminalCommand(arguments, input: "").result()
        #expect(status == 2)
        #expect(notes.contains(sentence), "\(notes)")
    }
}

/// A command of the built executable, with its input and both its outputs.
private final class TerminalCommand {
    private let process = Process()
    private let input = Pipe()
    private let files: (output: URL, notes: URL)

    /// - Parameter input: All of it; nil for input that is written later.
    init(
        _ arguments: [String],
        input text: String? = nil,
        in folder: URL = RunningServer.temporaryFolder(),
        environment: [String: String] = [:]
    ) throws {
        files = (folder.appending(path: "output-\(UUID())"), folder.appending(path: "notes-\(UUID())"))
        for file in [files.output, files.notes] { try Data().write(to: file) }
        process.executableURL = RunningServer.executable
        process.currentDirectoryURL = folder
        process.arguments = arguments
        process.environment = ["PATH": "/usr/bin:/bin", "HOME": folder.path, "AGENT_PROMPTS": RunningServer.prompts.path].merging(environment) { $1 }
        process.standardInput = input
        process.standardOutput = try FileHandle(forWritingTo: files.output)
        process.standardError = try FileHandle(forWritingTo: files.notes)
        try process.runAlone()
        if let text {
            write(text)
            try input.fileHandleForWriting.close()
        }
    }

    deinit { if process.isRunning { kill(process.processIdentifier, SIGKILL) } }

    func write(_ text: String) {
        try? input.fileHandleForWriting.write(contentsOf: Data(text.utf8))
    }

    /// Ctrl-C.
    func interrupt() {
        kill(process.processIdentifier, SIGINT)
    }

    /// Once the command has ended.
    func result() -> (status: Int32, output: String, notes: String) {
        process.waitUntilExit()
        let texts = [files.output, files.notes].map { (try? String(contentsOf: $0, encoding: .utf8)) ?? "" }
        return (process.terminationStatus, texts[0], texts[1])
    }
}

/// A server that takes connections and never says anything.
private final class SilentServer {
    let port: UInt16
    private let listener: Int32

    init() throws {
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        self.listener = listener
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(INADDR_LOOPBACK).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(listener, $0, length) == 0 && listen(listener, 8) == 0 && getsockname(listener, $0, &length) == 0
            }
        }
        guard isBound else { throw ServerEnded(log: "no port for a silent server") }
        port = UInt16(bigEndian: address.sin_port)
    }

    deinit { close(listener) }

    /// Whether one came within 20 seconds.
    func hasConnection() -> Bool {
        var listening = pollfd(fd: listener, events: Int16(POLLIN), revents: 0)
        return poll(&listening, 1, 20_000) == 1
    }
}
