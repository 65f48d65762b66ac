import AgentRuntime
import Foundation
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// A chat on standard input and output: answers as they come, tool calls and handoffs on lines of their own.
final class Terminal: Sendable {
    let keyboard = Keyboard()
    private let isInteractive = isatty(STDIN_FILENO) == 1
    private let answer = Mutex(Answer())

    /// What stands on the screen of the answer under way.
    private struct Answer {
        /// Since the last line of its own.
        var text = ""
        var isAtLineStart = true
    }

    /// For the person and not part of the chat, so it goes to standard error.
    func note(_ text: String) {
        endLine()
        write("\(text)\n", to: .standardError)
    }

    /// The next message; nil at the end of input, or for one of the words that end a chat.
    func nextMessage() async -> String? {
        while true {
            if isInteractive { write("\n> ", to: .standardOutput) }
            switch await keyboard.next() {
            case .line(let line):
                let message = line.trimmingWhitespace
                if ["exit", "quit"].contains(message.lowercased()) { return nil }
                if !message.isEmpty { return line }
            case .interrupt: write("\n(End with Ctrl-D or exit.)", to: .standardError)
            case .end:
                if isInteractive { write("\n", to: .standardOutput) }
                return nil
            }
        }
    }

    func show(_ event: RunEvent) {
        switch event {
        case .delta(let text): say(text)
        case .toolCall(let call): if !call.isHandoff { line("[\(call.name) \(Terminal.short(call.arguments))]") }
        case .toolResult(let result): show(result)
        case .handoff(let handoff): line("[\(handoff.to) goes on]")
        case .restart: line("[the answer starts again]")
        case .compaction: line("[older messages were summed up]")
        case .nested(let parent, let event): show(event, within: parent)
        default: break
        }
    }

    /// The end of an answer, with its text where that was not said before.
    func end(_ output: String) {
        let said = answer.withLock { $0.text }
        if !said.hasSuffix(output) { endLine(); say(output) }
        endAnswer()
    }

    func endAnswer() {
        endLine()
        answer.withLock { $0 = Answer() }
    }

    /// One message of an earlier run.
    func recall(_ message: String, answer: String) {
        write("\n> \(Terminal.printable(message))\n", to: .standardOutput)
        if !answer.isEmpty { write("\(Terminal.printable(answer))\n", to: .standardOutput) }
    }

    /// What went wrong, with the cause: the person at the terminal is the operator.
    func showFailure(_ error: RunError) {
        note("[\(error.failure.code.rawValue)] \(Terminal.printable("\(error)"))")
    }

    enum Decision: Sendable, Hashable {
        case approve, approveAlways, reject
    }

    /// Asks about a call until the answer is one; nil for Ctrl-C and at the end of input.
    func decision(about call: Interruption) async -> Decision? {
        endLine()
        let within = call.path.isEmpty ? "" : " for \(call.agent)"
        while true {
            let question = "Make the call \(call.name) \(call.arguments)\(within)? [y]es, [n]o, [a]lways: "
            write(Terminal.printable(question), to: .standardOutput)
            guard case .line(let line) = await keyboard.next() else {
                write("\n", to: .standardOutput)
                return nil
            }
            if !isInteractive { write("\n", to: .standardOutput) }
            switch line.trimmingWhitespace.lowercased() {
            case "y", "yes": return .approve
            case "a", "always": return .approveAlways
            case "n", "no": return .reject
            default: break
            }
        }
    }

    private func show(_ result: ToolResult) {
        let output = Terminal.short(result.output)
        line(result.status == .ok ? "[= \(output)]" : "[\(result.status.rawValue): \(output)]")
    }

    /// Of what happens within a call the calls are shown, and not what is said there.
    private func show(_ event: RunEvent, within parent: ParentCall) {
        switch event {
        case .toolCall, .toolResult, .nested, .handoff: show(event)
        default: break
        }
    }

    private func say(_ text: String) {
        let text = Terminal.printable(text)
        guard let last = text.unicodeScalars.last else { return }
        answer.withLock { answer in
            answer.text += text
            answer.isAtLineStart = last == "\n"
        }
        write(text, to: .standardOutput)
    }

    private func line(_ text: String) {
        endLine()
        answer.withLock { $0.text = "" }
        write(Terminal.printable(text) + "\n", to: .standardOutput)
    }

    private func endLine() {
        let isOpen = answer.withLock { answer in
            defer { answer.isAtLineStart = true }
            return !answer.isAtLineStart
        }
        if isOpen { write("\n", to: .standardOutput) }
    }

    private func write(_ text: String, to file: FileHandle) {
        try? file.write(contentsOf: Data(text.utf8))
    }

    /// On one line, and no longer than one.
    private static func short(_ text: String) -> String {
        let line = text.unicodeScalars.map { $0.properties.isWhitespace ? " " : $0 }
        return String(String.UnicodeScalarView(line.prefix(200))) + (line.count > 200 ? "…" : "")
    }

    /// Without control characters, so that a model's text cannot drive the terminal.
    private static func printable(_ text: String) -> String {
        String(String.UnicodeScalarView(text.unicodeScalars.filter { $0 == "\n" || $0 == "\t" || $0.properties.generalCategory != .control }))
    }
}

extension String {
    fileprivate var trimmingWhitespace: String {
        var rest = self[...].drop(while: \.isWhitespace)
        while rest.last?.isWhitespace == true { rest.removeLast() }
        return String(rest)
    }
}
