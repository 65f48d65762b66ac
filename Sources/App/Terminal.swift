import AgentRuntime
import Foundation

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// A chat on standard input and output: answers as they come, tool calls on lines of their own.
struct Terminal: Sendable {
    private let isInteractive = isatty(STDIN_FILENO) == 1

    func note(_ text: String) {
        write("\(text)\n", to: .standardError)
    }

    /// The next line that the person typed; nil at the end of input.
    func nextMessage() -> String? {
        if isInteractive { write("\n> ", to: .standardOutput) }
        return readLine()
    }

    func show(_ event: RunEvent) {
        switch event {
        case .delta(let text): write(Terminal.printable(text), to: .standardOutput)
        case .toolCall(let call):
            if !call.isHandoff { write("\n[\(Terminal.printable(call.name)) \(Terminal.printable(call.arguments))]\n", to: .standardOutput) }
        case .toolResult(let result):
            if result.status != .ok { write("[\(result.status.rawValue): \(Terminal.printable(result.output))]\n", to: .standardOutput) }
        case .handoff(let handoff): write("\n[now speaking: \(Terminal.printable(handoff.to))]\n", to: .standardOutput)
        default: break
        }
    }

    /// Asks about a call; anything but yes is no.
    func decision(about call: Interruption) -> ApprovalDecision {
        write("Make the call \(Terminal.printable(call.name)) \(Terminal.printable(call.arguments))? [y/N] ", to: .standardOutput)
        let answer = readLine()?.lowercased() ?? ""
        return ["y", "yes"].contains(answer) ? call.approve() : call.reject()
    }

    /// What went wrong, with the cause: the person at the terminal is the operator.
    func showFailure(_ error: RunError) {
        write("\n[\(error.failure.code.rawValue)] \(error)\n", to: .standardError)
    }

    func endAnswer() {
        write("\n", to: .standardOutput)
    }

    private func write(_ text: String, to file: FileHandle) {
        try? file.write(contentsOf: Data(text.utf8))
    }

    /// Without control characters, so that a model's text cannot drive the terminal.
    private static func printable(_ text: String) -> String {
        String(String.UnicodeScalarView(text.unicodeScalars.filter { $0 == "\n" || $0 == "\t" || $0.properties.generalCategory != .control }))
    }
}
