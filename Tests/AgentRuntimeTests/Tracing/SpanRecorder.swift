import AgentRuntime
import AgentTesting
import Synchronization

/// Keeps everything that it is told, in order.
final class SpanRecorder: TracingProcessor {
    private struct Kept {
        var notes: [String] = []
        var traces: [AgentRuntime.Trace] = []
        var spans: [AgentRuntime.Span] = []
    }

    private let kept = Mutex(Kept())

    /// What began and ended, each with the type of its span.
    var notes: [String] { kept.withLock { $0.notes } }
    var traces: [AgentRuntime.Trace] { kept.withLock { $0.traces } }

    /// Those that have ended, in the order of their beginnings.
    var spans: [AgentRuntime.Span] { kept.withLock { $0.spans.filter { $0.endedAt != nil } } }

    func onTraceStart(_ trace: AgentRuntime.Trace) {
        kept.withLock { kept in
            kept.notes.append("trace start")
            kept.traces.append(trace)
        }
    }

    func onTraceEnd(_ trace: AgentRuntime.Trace) {
        kept.withLock { $0.notes.append("trace end") }
    }

    func onSpanStart(_ span: AgentRuntime.Span) {
        kept.withLock { kept in
            kept.notes.append("\(span.data.type) start")
            kept.spans.append(span)
        }
    }

    func onSpanEnd(_ span: AgentRuntime.Span) {
        kept.withLock { kept in
            kept.notes.append("\(span.data.type) end")
            guard let place = kept.spans.firstIndex(where: { $0.id == span.id }) else { return }
            kept.spans[place] = span
        }
    }

    /// The only span of a type.
    func span(_ type: String) -> AgentRuntime.Span? {
        let found = spans(type)
        return found.count == 1 ? found.first : nil
    }

    func spans(_ type: String) -> [AgentRuntime.Span] { spans.filter { $0.data.type == type } }

    /// The spans under their parents, two blanks for each step inward.
    var tree: [String] {
        traces.isEmpty && spans.isEmpty ? [] : tree(below: nil, indent: "")
    }

    private func tree(below parent: String?, indent: String) -> [String] {
        spans.filter { $0.parentID == parent }.flatMap { ["\(indent)\($0.sketch)"] + tree(below: $0.id, indent: indent + "  ") }
    }
}

extension AgentRuntime.Span {
    /// The span's type, what it is about, and its error.
    var sketch: String {
        let subject =
            switch data {
            case .task(let name, _), .guardrail(let name, _), .custom(let name, _), .mcpTools(let name, _): name
            case .turn(let turn, _, _): "\(turn)"
            case .agent(let agent): agent.name
            case .generation(let generation), .response(let generation): generation.model
            case .function(let call): call.name
            case .handoff(let from, let to): "\(from) to \(to ?? "")"
            }
        return "\(data.type) \(subject)" + (error.map { "! \($0.message)" } ?? "")
    }
}

extension TraceProvider {
    /// A provider whose ids and times are the same each time.
    static func recording(_ recorder: SpanRecorder, seed: UInt64 = 1) -> TraceProvider {
        let time = Mutex<UInt64>(1_763_889_000_000_000_000)
        return TraceProvider(processors: [recorder], generator: SeededGenerator(seed: seed)) {
            time.withLock { time in
                time += 1_000_000
                return time
            }
        }
    }
}
