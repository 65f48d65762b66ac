import AgentRuntime
import AgentTesting
import Synchronization

/// What happened, in order.
final class Trace: Sendable {
    private let kept = Mutex<[String]>([])

    var notes: [String] { kept.withLock { $0 } }

    func note(_ text: String) {
        kept.withLock { $0.append(text) }
    }

    /// A tool that notes its calls, answers with its name, and does `work` in between.
    func tool(_ name: String, _ effect: ToolEffect = .reads, work: @escaping @Sendable () async throws -> Void = {}) -> AnyTool<Void> {
        .stub(name, effect: effect) { arguments, run in
            self.note(name)
            try await work()
            self.note("\(name) ended")
            return "\(name) says \(arguments)"
        }
    }

    /// Returns once this was noted, or when the task is cancelled.
    func until(_ note: String) async {
        while !Task.isCancelled, !notes.contains(note) { await Task.yield() }
    }
}

extension InMemoryRunLog {
    /// Returns once the log holds a decided event of this sketch, or when the task is cancelled.
    func until(_ sketch: String) async {
        while !Task.isCancelled, !records.map(\.event).sketches.contains(sketch) { await Task.yield() }
    }
}

/// The records that a run showed.
final class Reader: Sendable {
    private let kept = Mutex<[RunRecord]>([])

    var records: [RunRecord] { kept.withLock { $0 } }
    var events: [RunEvent] { records.map(\.event) }

    func read(_ record: RunRecord) {
        kept.withLock { $0.append(record) }
    }
}

extension Runner {
    /// A runner in the tested mode whose model plays a script.
    static func scripted(_ steps: ScriptedModel.Step..., isStreamed: Bool = TestedMode.isStreamed) -> (Runner, ScriptedModel) {
        let model = ScriptedModel(steps)
        return (Runner(model: model, isStreamed: isStreamed), model)
    }
}

extension RunEvent {
    /// The event's type and what tells it from others of its type.
    var sketch: String {
        switch self {
        case .toolCall(let call): "tool_call \(call.callID) \(call.name)"
        case .toolResult(let result): "tool_result \(result.callID) \(result.status.rawValue)"
        case .handoff(let handoff): "handoff \(handoff.to)"
        case .guardrail(let verdict): "guardrail \(verdict.guardrail) \(verdict.isTripped)"
        case .done(let output): "done \(output.output)"
        case .error(let failure): "error \(failure.code.rawValue)"
        case .nested(let parent, let event): "\(parent.callID): \(event.sketch)"
        default: type
        }
    }
}

extension [RunEvent] {
    /// The decided events, in short.
    var sketches: [String] { filter(\.isDecided).map(\.sketch) }
}
