public import AgentRuntime
import Synchronization

/// A model that answers with the steps of a script, one a request, and remembers what it was asked.
///
/// A request takes its step when its first event is pulled. With a stream asked for, texts come in pieces.
public final class ScriptedModel: Model {
    /// One answer.
    public enum Step: Sendable {
        case text(String)
        case calls([Item.FunctionCall])
        case response(ModelResponse)
        case error(any Error & Sendable)
        /// Exactly these events, then the error if there is one, else the end; whether they make sense is the test's business.
        case stream([ModelEvent], error: (any Error & Sendable)? = nil)
        /// The answer is made from the request.
        case respond(@Sendable (ModelRequest) async throws -> ModelResponse)
    }

    public let name: String
    private let state: Mutex<(next: Int, requests: [ModelRequest])>
    private let steps: [Step]
    private let pieceLength: Int?

    /// - Parameter pieceLength: Characters of each piece of a streamed text; nil for pieces of one word.
    public init(_ steps: [Step], name: String = "scripted", pieceLength: Int? = nil) {
        self.steps = steps
        self.name = name
        self.pieceLength = pieceLength
        state = Mutex((0, []))
    }

    public convenience init(_ steps: Step...) {
        self.init(steps)
    }

    /// What the model was asked, in order.
    public var requests: [ModelRequest] { state.withLock { $0.requests } }

    /// Steps that no request has taken; a test that expects its whole script to be played checks for 0.
    public var remainingSteps: Int { max(0, steps.count - state.withLock { $0.next }) }

    public func respond(to request: ModelRequest) -> ModelEvents {
        ScriptedEvents(pieceLength: pieceLength) { [self] in (try take(for: request), request) }
    }

    private func take(for request: ModelRequest) throws(ScriptError) -> Step {
        let place = state.withLock { state in
            defer { state.next += 1 }
            state.requests.append(request)
            return state.next
        }
        guard place < steps.count else { throw .exhausted(steps: steps.count, lastItem: request.input.last) }
        return steps[place]
    }
}

extension ScriptedModel.Step {
    /// One call.
    public static func call(_ name: String, _ arguments: String = "{}", id: String = "call_1") -> Self {
        .calls([Item.FunctionCall(callID: id, name: name, arguments: arguments)])
    }

    /// Calls with arguments, under the ids `call_1`, `call_2` and so on.
    public static func calls(_ calls: (name: String, arguments: String)...) -> Self {
        .calls(calls.enumerated().map { Item.FunctionCall(callID: "call_\($0 + 1)", name: $1.name, arguments: $1.arguments) })
    }
}

/// The script and the run do not fit.
public enum ScriptError: Error, CustomStringConvertible {
    /// The model was asked once more than the script has steps.
    case exhausted(steps: Int, lastItem: Item?)

    public var description: String {
        switch self {
        case .exhausted(let steps, let item):
            "The script has \(steps) step\(steps == 1 ? "" : "s") and the model was asked once more; the last item was \(item?.json.text ?? "none")."
        }
    }
}
