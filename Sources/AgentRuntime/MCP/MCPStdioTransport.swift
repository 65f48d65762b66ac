public import FoundationEssentials
public import Logging
import Subprocess

#if canImport(System)
    import System
#else
    import SystemPackage
#endif

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Starts an MCP server as a process of its own and speaks to it over its standard input and output.
///
/// The process and those it started end with the connection. What it writes to standard error goes to the log.
public struct MCPStdioTransport: MCPTransport {
    /// A path, or a name that is looked up in the server's PATH.
    public let command: String
    public let arguments: [String]
    /// All that the process gets.
    public let environment: [String: String]
    /// Nil for this process's own.
    public let workingDirectory: String?

    /// - Parameter environment: Variables of this server, beside HOME, PATH, LANG, TERM, TMPDIR and USER of this process.
    ///   No `OPENAI_...` and no `AGENT_...` reaches a server.
    public init(
        command: String,
        arguments: [String] = [],
        environment: [String: String] = [:],
        workingDirectory: String? = nil,
        inherited: [String: String] = ProcessInfo.processInfo.environment
    ) {
        self.command = command
        self.arguments = arguments
        self.workingDirectory = workingDirectory
        let shared = inherited.filter { ["HOME", "PATH", "LANG", "TERM", "TMPDIR", "USER"].contains($0.key) }
        let own = environment.filter { !$0.key.hasPrefix("OPENAI_") && !$0.key.hasPrefix("AGENT_") }
        self.environment = shared.merging(own) { _, own in own }
    }

    public var label: String { command }

    public func withConnection(logger: Logger, _ body: @escaping @Sendable (MCPConnection) async throws -> Void) async throws {
        // A server that has gone must not end this process.
        signal(SIGPIPE, SIG_IGN)
        let (incoming, received) = AsyncThrowingStream<JSONValue, any Error>.makeStream()
        let (outgoing, written) = AsyncStream<[UInt8]>.makeStream()
        let connection = MCPConnection(incoming: incoming, send: { message in written.yield(message.bytes + [UInt8(ascii: "\n")]) })
        _ = try await Subprocess.run(configuration, input: .inputWriter, output: .sequence, error: .sequence) { process in
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await MCPStdioTransport.read(process.standardOutput, into: received, logger) }
                group.addTask { try await log(process.standardError, logger) }
                group.addTask {
                    for await line in outgoing { _ = try await process.standardInputWriter.write(line) }
                }
                var outcome: Result<Void, any Error> = .success(())
                do { try await body(connection) } catch { outcome = .failure(error) }
                written.finish()
                try? await process.standardInputWriter.finish()
                await process.teardown(using: MCPStdioTransport.ending)
                group.cancelAll()
                while await group.nextResult() != nil {}
                try outcome.get()
            }
        }
    }

    /// First its input ends, then it is asked, then it is ended.
    private static let ending: [TeardownStep] = [.gracefulShutDown(toProcessGroup: true, allowedDurationToNextStep: .seconds(2))]

    private var configuration: Configuration {
        var options = PlatformOptions()
        options.createSession = true
        options.teardownSequence = MCPStdioTransport.ending
        let variables = environment.map { (Environment.Key(stringLiteral: $0.key), $0.value) }
        return Configuration(
            executable: command.utf8.contains(UInt8(ascii: "/")) ? .path(FilePath(command)) : .name(command),
            arguments: Arguments(arguments),
            environment: .custom(Dictionary(variables) { _, last in last }),
            workingDirectory: workingDirectory.map { FilePath($0) },
            platformOptions: options
        )
    }

    /// One message a line; a line that is none is passed over, as servers print what they should not.
    private static func read(
        _ output: SubprocessOutputSequence,
        into received: AsyncThrowingStream<JSONValue, any Error>.Continuation,
        _ logger: Logger
    ) async throws {
        var lines = LineSplitter(limit: 16 * 1_048_576)
        do {
            for try await buffer in output {
                for line in lines.receive(buffer.withUnsafeBytes { Array($0) }) {
                    if let message = try? JSONValue(json: line.bytes), !line.isCut { received.yield(message); continue }
                    logger.debug("a tool server wrote a line that is no message", metadata: ["bytes": "\(line.bytes.count)"])
                }
            }
            received.finish()
        } catch {
            received.finish(throwing: error)
        }
    }

    /// 1 KiB of a line and 64 KiB of a connection; the rest is read and dropped, so that the server never waits for it.
    private func log(_ output: SubprocessOutputSequence, _ logger: Logger) async throws {
        var lines = LineSplitter(limit: 1_024)
        var left = 65_536
        for try await buffer in output {
            for line in lines.receive(buffer.withUnsafeBytes { Array($0) }) where left > 0 {
                left -= line.bytes.count + 1
                let text = String(decoding: line.bytes, as: UTF8.self)
                logger.info("a tool server wrote", metadata: ["command": "\(command)", "text": "\(text)\(line.isCut ? "..." : "")"])
                if left <= 0 { logger.info("a tool server wrote more, which is left out", metadata: ["command": "\(command)"]) }
            }
        }
    }
}

extension MCPStdioTransport: CustomReflectable {
    /// Without variables and headers, which hold credentials.
    public var customMirror: Mirror { Mirror(self, children: ["command": command]) }
}
