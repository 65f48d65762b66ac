/// What the front matter says for the case that something fails: an output in place of an error, texts in place of a tool's output.
public struct PromptRecovery: Sendable, Hashable {
    /// Under `error_handlers`: the run's output when it has used its turns.
    public let maxTurns: JSONValue?
    public let modelRefusal: JSONValue?
    public let invalidFinalOutput: JSONValue?
    /// Under `tool_errors`: what the model reads in place of the fixed sentences.
    public let approvalRejected: String?
    public let toolNotFound: String?
    public let toolException: String?

    /// Throws `PromptError` for an output that does not fit the agent's type.
    init(_ fields: FrontMatter, outputType: OutputType?) throws {
        let handlers = try fields.section("error_handlers", keys: ["max_turns", "model_refusal", "invalid_final_output"])
        maxTurns = try handlers?.output("max_turns", as: outputType)
        modelRefusal = try handlers?.output("model_refusal", as: outputType)
        invalidFinalOutput = try handlers?.output("invalid_final_output", as: outputType)
        let texts = try fields.section("tool_errors", keys: ["approval_rejected", "tool_not_found", "tool_exception"])
        approvalRejected = try texts?.text("approval_rejected")
        toolNotFound = try texts?.text("tool_not_found")
        toolException = try texts?.text("tool_exception")
    }

    func config<Context>() -> RunConfig<Context> {
        var config = RunConfig<Context>()
        config.errorHandlers = ErrorHandlers(
            maxTurns: handler(maxTurns), modelRefusal: handler(modelRefusal), invalidFinalOutput: handler(invalidFinalOutput))
        config.toolErrorText = { kind, _ in
            switch kind {
            case .rejected: approvalRejected
            case .notFound: toolNotFound
            case .failed: toolException
            }
        }
        return config
    }

    private func handler<Context>(_ output: JSONValue?) -> ErrorHandlers<Context>.Handler? {
        output.map { output in { @Sendable _ in HandledOutput(output) } }
    }
}

extension FrontMatter {
    fileprivate func output(_ key: String, as type: OutputType?) throws -> JSONValue? {
        guard let value = try json(key) else { return nil }
        guard let type else { return .string(value.string ?? value.text) }
        do {
            _ = try type.text(of: value)
            return value
        } catch {
            throw mistake(key, "a value of the output type: \(error)")
        }
    }
}
