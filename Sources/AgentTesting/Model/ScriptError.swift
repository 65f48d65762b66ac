public import AgentRuntime

/// The script is not one, or it and the run do not fit.
public enum ScriptError: Error, Equatable, CustomStringConvertible {
    /// The model was asked once more than the script has steps.
    case exhausted(steps: Int, lastItem: Item?)
    /// The model was not asked for the last steps.
    case unplayed(steps: Int)
    /// The step, counted from 1, holds what no run can come to.
    case unplayable(step: Int, reason: String)

    public var description: String {
        switch self {
        case .unplayed(let steps): "The model was not asked for the last \(steps == 1 ? "step" : "\(steps) steps") of its script."
        case .unplayable(let step, let reason): "Step \(step) of the script cannot be played: \(reason)"
        case .exhausted(let steps, let item):
            "The script has \(steps) step\(steps == 1 ? "" : "s") and the model was asked once more; the last item was \(item?.json.text ?? "none")."
        }
    }
}

extension ScriptError {
    /// The first of the steps that can never be played as it is written; nil when all can. What a model must not say may well be in a script.
    init?(in steps: [ScriptedModel.Step], after count: Int) {
        for (place, step) in steps.enumerated() {
            guard let reason = step.mistake else { continue }
            self = .unplayable(step: count + place + 1, reason: reason)
            return
        }
        return nil
    }
}

extension ScriptedModel.Step {
    fileprivate var mistake: String? {
        switch self {
        case .calls(let calls): calls.isEmpty ? "it has no calls." : nil
        case .stream(let events, let error):
            if let end = events.firstIndex(where: \.isCompleted), end + 1 < events.count || error != nil {
                "nothing is pulled behind the whole response."
            } else {
                nil
            }
        case .text, .response, .error, .respond: nil
        }
    }
}

extension ModelEvent {
    fileprivate var isCompleted: Bool {
        if case .completed = self { true } else { false }
    }
}
