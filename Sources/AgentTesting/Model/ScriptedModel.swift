public import AgentRuntime
import Synchronization

/// A model that answers with the steps of a script, one a request, and remembers what it was asked.
///
/// A request takes its step when its first event is pulled. With a stream asked for, texts come in pieces. A script in which a step can never
/// be played as it is written answers nothing: every request throws `ScriptError.unplayable`.
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
    private let state: Mutex<State>
    private let pieceLength: Int?

    private struct State {
        var steps: [Step]
        var next = 0
        var requests: [ModelRequest] = []
        /// What is wrong with the script.
        var mistake: ScriptError?
    }

    /// - Parameter pieceLength: Characters of each piece of a streamed text; nil for pieces of one word.
    public init(_ steps: [Step], name: String = "scripted", pieceLength: Int? = nil) {
        self.name = name
        self.pieceLength = pieceLength
        state = Mutex(State(steps: steps, mistake: ScriptError(in: steps, after: 0)))
    }

    public convenience init(_ steps: Step...) {
        self.init(steps)
    }

    /// What the model was asked, in order.
    public var requests: [ModelRequest] { state.withLock { $0.requests } }

    /// Steps that no request has taken; a test that expects its whole script to be played checks for 0.
    public var remainingSteps: Int { state.withLock { max(0, $0.steps.count - $0.next) } }

    /// Adds to the end of the script. Throws `ScriptError.unplayable`, and adds nothing, when a step could never be played as it is written.
    public func enqueue(_ steps: Step...) throws(ScriptError) {
        try state.withLock { state throws(ScriptError) in
            if let mistake = ScriptError(in: steps, after: state.steps.count) { throw mistake }
            state.steps += steps
        }
    }

    /// Throws unless the model was asked exactly as often as the script has steps.
    public func assertComplete() throws(ScriptError) {
        try state.withLock { state throws(ScriptError) in
            if let mistake = state.mistake { throw mistake }
            let asked = state.requests.count
            if asked > state.steps.count { throw .exhausted(steps: state.steps.count, lastItem: state.requests[state.steps.count].input.last) }
            if asked < state.steps.count { throw .unplayed(steps: state.steps.count - asked) }
        }
    }

    public func respond(to request: ModelRequest) -> ModelEvents {
        ScriptedEvents(pieceLength: pieceLength) { [self] in (try take(for: request), request) }
    }

    private func take(for request: ModelRequest) throws(ScriptError) -> Step {
        try state.withLock { state throws(ScriptError) in
            state.requests.append(request)
            if let mistake = state.mistake { throw mistake }
            defer { state.next += 1 }
            guard state.next < state.steps.count else { throw .exhausted(steps: state.steps.count, lastItem: request.input.last) }
            return state.steps[state.next]
        }
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
