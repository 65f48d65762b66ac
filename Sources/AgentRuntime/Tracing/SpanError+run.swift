extension SpanError {
    private static let redacted = "Error details are redacted."

    /// What an error that ends a run says of the agent at work; nil for a cancellation, which is nobody's error.
    init?(endingRun error: any Error, _ includesSensitiveData: Bool) {
        switch error {
        case is CancellationError: return nil
        case RunError.maxTurnsExceeded(let turns): self.init("Max turns exceeded", data: ["max_turns": .integer(turns)])
        case RunError.inputGuardrailTripped(let verdict): self.init(tripped: verdict, "input_guardrail")
        case RunError.outputGuardrailTripped(let verdict): self.init(tripped: verdict, "output_guardrail")
        default: self.init("Error in agent run", data: ["error": SpanError.detail(error, includesSensitiveData)])
        }
    }

    /// What an error thrown within a span says of it.
    init?(_ error: any Error, in data: SpanData, _ includesSensitiveData: Bool) {
        if error is CancellationError { return nil }
        let detail = SpanError.detail(error, includesSensitiveData)
        switch data {
        case .generation, .response: self.init("Error getting response", data: ["error": detail])
        case .function(let call): self.init("Error running tool", data: ["tool_name": .string(call.name), "error": detail])
        case .guardrail(let name, _): self.init("Error running guardrail", data: ["guardrail": .string(name), "error": detail])
        case .handoff: self.init("Error running handoff", data: ["error": detail])
        default: self.init("Error", data: ["error": detail])
        }
    }

    /// What a failure that the model was told says of the call's span.
    init(of call: ToolCall, _ detail: String, _ includesSensitiveData: Bool) {
        let error = includesSensitiveData ? detail : SpanError.redacted
        self.init("Error running tool (non-fatal)", data: ["tool_name": .string(call.name), "error": .string(error)])
    }

    private init(tripped verdict: GuardrailVerdict, _ type: String) {
        self.init("Guardrail tripwire triggered", data: ["guardrail": .string(verdict.guardrail), "type": .string(type)])
    }

    /// An error's text is made only where it may be shown.
    private static func detail(_ error: any Error, _ includesSensitiveData: Bool) -> JSONValue {
        .string(includesSensitiveData ? String(describing: error) : redacted)
    }
}
