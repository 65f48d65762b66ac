/// What a run does next: decided without doing anything, from the agent and the log alone.
enum NextStep<Context: Sendable>: Sendable {
    /// Blocking guardrails look at the input.
    case checkInput([InputGuardrail<Context>])
    /// Older turns give way, before the model is asked.
    case compact(CompactionPlan)
    /// The model is asked, while these guardrails look at the input.
    case ask(meanwhile: [InputGuardrail<Context>])
    /// These calls run together.
    case call([ToolCall])
    /// These calls get a fixed answer instead of being carried out.
    case answer([ToolCall], String, as: ToolResult.Status = .rejected)
    /// The tools' rules say which of these calls must wait for a person.
    case judge([ToolCall])
    /// The program may answer these questions of the provider.
    case judgeHosted([Interruption])
    /// These questions of the provider were answered for good before.
    case answerHosted([ApprovalDecision])
    /// A person is asked about these calls.
    case askPerson([Interruption])
    /// Nothing can happen until a person has decided.
    case interrupt([Interruption])
    /// The agent says what it makes of these results.
    case decideFinal([FunctionToolResult])
    case handOff(Handoff<Context>, ToolCall)
    case finish(FinalOutput)
    case fail(RunError)
    case end(RunEvent)
}

extension RunState {
    func nextStep(within limits: RunLimits) -> NextStep<Context> {
        transcript.ending.map { .end($0) } ?? stepBeforeEnding(within: limits)
    }

    /// Why the run failed, as far as its log can tell again.
    func error(recordedAs failure: RunFailure, within limits: RunLimits) -> RunError {
        if case .fail(let error) = stepBeforeEnding(within: limits), error.failure == failure { error } else { .recorded(failure) }
    }

    private func stepBeforeEnding(within limits: RunLimits) -> NextStep<Context> {
        let unchecked =
            turn == 0 ? agent.inputGuardrails.filter { guardrail in !verdicts.contains { $0.isInput && $0.guardrail == guardrail.name } } : []
        if let tripped = verdicts.first(where: { $0.isTripped && $0.isInput }) { return .fail(.inputGuardrailTripped(tripped)) }
        if let tripped = verdicts.first(where: \.isTripped) { return .fail(.outputGuardrailTripped(tripped)) }
        if let trip = toolGuardrailTrip { return .fail(trip.error) }
        if let text = limits.text, textBytes > text { return .fail(.limitReached("The answer grew over \(text) bytes.")) }
        if let recovery { return .finish(FinalOutput(recovery, as: agent.outputType)) }
        let blocking = unchecked.filter { !$0.runsInParallel }
        if !blocking.isEmpty { return .checkInput(blocking) }

        guard let response else { return ask(meanwhile: unchecked, within: limits) }
        if let step = hostedStep ?? pendingStep(within: limits) { return step }
        if let step = toolUseStep() { return step }
        if !results.isEmpty || approvals.hasAnsweredHosted { return ask(meanwhile: [], within: limits) }
        if let call = response.unexecutedCall { return .fail(.modelBehavior("The model made a '\(call)', which nobody here carries out.")) }
        if let refusal = response.refusal { return .fail(.modelRefusal(refusal)) }
        if let type = agent.outputType { return finish(with: response.text ?? "", as: type, within: limits) }
        if let text = response.text { return .finish(FinalOutput(text: text)) }
        return response.hasHostedActivity ? ask(meanwhile: [], within: limits) : .finish(FinalOutput(text: ""))
    }

    /// A model that said nothing where a value is due is asked again, unless a handler gives the value.
    private func finish(with text: String, as type: OutputType, within limits: RunLimits) -> NextStep<Context> {
        if text.isEmpty, config.errorHandlers.invalidFinalOutput == nil { return ask(meanwhile: [], within: limits) }
        do {
            return .finish(FinalOutput(text: text, value: try type.value(of: text)))
        } catch {
            return .fail(.invalidFinalOutput(error.description))
        }
    }

    private func ask(meanwhile guardrails: [InputGuardrail<Context>], within limits: RunLimits) -> NextStep<Context> {
        if let turns = limits.turns, turn >= turns { return .fail(.maxTurnsExceeded(turns)) }
        let unchecked = uncheckedGuardrailsOfAddedInput
        guard unchecked.isEmpty else { return .checkInput(unchecked) }
        if let plan = compactionPlan { return .compact(plan) }
        return .ask(meanwhile: guardrails)
    }

    /// Tools run before handoffs; of several handoffs the first one happens.
    private func pendingStep(within limits: RunLimits) -> NextStep<Context>? {
        guard !transcript.pendingCalls.isEmpty || !openRequests.isEmpty else { return nil }
        if let exceeded = exceeded(limits) { return .fail(exceeded) }
        let handoffs = transcript.pendingCalls.filter(\.isHandoff)
        let calls = transcript.pendingCalls.filter { !$0.isHandoff }
        if !calls.isEmpty || !openRequests.isEmpty { return callStep(for: calls, within: limits) }
        if handoffs.count > 1 { return .answer(Array(handoffs.dropFirst()), "Multiple handoffs detected, ignoring this one.") }
        guard let call = handoffs.first else { return nil }
        guard let handoff = agent.handoff(named: call.name) else { return .fail(.user("\(agent.name) has no handoff '\(call.name)'.")) }
        return .handOff(handoff, call)
    }

    /// What needs no person happens now; what does waits, and with it handoffs and the end of the run.
    private func callStep(for calls: [ToolCall], within limits: RunLimits) -> NextStep<Context> {
        let standings = calls.map { (call: $0, standing: standing(of: $0, within: limits)) }
        if config.failsOnUnknownTool, let unknown = calls.first(where: { agent.tool(named: $0.name) == nil }) {
            return .fail(.modelBehavior("Tool \(unknown.name.prefix(128)) not found in agent \(agent.name)"))
        }
        let unchecked = standings.filter { $0.standing == .unchecked }.map(\.call)
        guard unchecked.isEmpty else { return .judge(unchecked) }
        let settled = standings.filter(\.standing.isSettled)
        guard let first = settled.first else {
            let waiting = calls.flatMap(questions(about:)) + openRequests
            return approvals.isAsked ? .interrupt(waiting) : .askPerson(waiting)
        }
        let lost = settled.prefix { isLost($0.call) }.map(\.call)
        guard lost.isEmpty else { return .answer(lost, ToolStart.unknownOutcome, as: .unknown) }
        if let changed = settled.first(where: { $0.call.origin != nil && !$0.standing.isRejected && isAnothers($0.call) }) {
            return .fail(.user("The tool '\(changed.call.name)' is no longer the one that was called."))
        }
        switch first.standing {
        case .rejected(let message):
            return .answer([first.call], message ?? config.toolErrorText?(.rejected, first.call) ?? "Tool execution was not approved.")
        case .approved(let version) where agent.tool(named: first.call.name)?.version != version:
            return .fail(.user("The tool '\(first.call.name)' is no longer the one that was approved."))
        default:
            let next = settled.prefix { !$0.standing.isRejected && !isLost($0.call) }
            return .call(batch(of: next.map(\.call), atMost: limits.parallelCalls))
        }
    }

    /// Whether the call was begun by somebody who cannot say any more what came of it, and may not be made twice.
    private func isLost(_ call: ToolCall) -> Bool {
        guard transcript.startedCalls.contains(call.index) else { return false }
        return !(agent.tool(named: call.name)?.mayBeRepeated ?? false)
    }

    /// Whether the tool of the name now comes from elsewhere.
    private func isAnothers(_ call: ToolCall) -> Bool {
        agent.tool(named: call.name).map { $0.origin != call.origin } ?? false
    }

    private func exceeded(_ limits: RunLimits) -> RunError? {
        if let calls = limits.toolCalls, callCount > calls { return .limitReached("The assistant made more than \(calls) tool calls.") }
        if let calls = limits.identicalCalls, identicalCalls > calls {
            return .limitReached("The assistant made the same tool call more than \(calls) times in a row.")
        }
        return nil
    }

    /// Whether the start of the call has to be in the log before it is made, and is not.
    func mustAnnounce(_ call: ToolCall) -> Bool {
        guard let tool = agent.tool(named: call.name), tool.policy.effect == .external, !tool.isAgent else { return false }
        return !transcript.startedCalls.contains(call.index)
    }

    /// The longest run of calls from the front that may be under way together: all `.reads`, or some `.external`, or one `.writes`.
    private func batch(of calls: [ToolCall], atMost cap: Int) -> [ToolCall] {
        guard let first = calls.first else { return [] }
        let effect = self.effect(of: first)
        let together = calls.prefix { self.effect(of: $0) == effect }
        return switch effect {
        case .reads: Array(together)
        case .external: Array(together.prefix(max(1, cap)))
        case .writes: [first]
        }
    }

    /// A call of an unknown tool is answered by the runner, which changes nothing.
    func effect(of call: ToolCall) -> ToolEffect {
        agent.tool(named: call.name)?.policy.effect ?? .reads
    }

    /// What the results of the agent's own tools mean for the run; nil when the model is to read them.
    private func toolUseStep() -> NextStep<Context>? {
        let results = results.filter { !$0.call.isHandoff && agent.tool(named: $0.call.name) != nil }.sorted { $0.call.index < $1.call.index }
        guard !results.isEmpty else { return nil }
        if agent.toolsToFinalOutput != nil {
            guard let toolUse else { return .decideFinal(results) }
            return toolUse.isFinal ? .finish(FinalOutput(ofTool: toolUse.output ?? .null, as: agent.outputType)) : nil
        }
        let last =
            switch agent.toolUseBehavior {
            case .runModelAgain: nil as FunctionToolResult?
            case .stopOnFirstTool: results.first
            case .stopAtTools(let names): results.first { names.contains($0.call.name) }
            }
        return last.map { .finish(FinalOutput(ofTool: $0.result.output, as: agent.outputType)) }
    }
}

extension ModelResponse {
    /// The type of a call that a program would have to carry out and that is no function call.
    fileprivate var unexecutedCall: String? {
        let calls = items.compactMap { if case .other(let json) = $0 { json } else { nil } }
        let answered = calls.filter { $0["type"]?.string?.hasSuffix("_output") ?? false }.compactMap { $0["call_id"]?.string }
        return calls.first { call in
            guard let type = call["type"]?.string, let id = call["call_id"]?.string, !answered.contains(id) else { return false }
            let isLocal = type == "shell_call" && call["environment"]?["type"] == "local"
            return isLocal || ["computer_call", "local_shell_call", "apply_patch_call", "custom_tool_call"].contains(type)
        }?["type"]?.string
    }

    /// Whether the provider did something of its own, after which it is asked again when it said nothing.
    fileprivate var hasHostedActivity: Bool {
        items.contains { if case .other(let json) = $0 { json["type"]?.string != "reasoning" } else { false } }
    }
}

/// What a run is about to end with.
struct FinalOutput: Sendable, Hashable {
    var text: String
    /// Nil for free text.
    var value: JSONValue?
    /// Whether a tool gave it, not the model.
    var isOfTool = false

    init(text: String, value: JSONValue? = nil) {
        self.text = text
        self.value = value
    }

    init(_ handled: HandledOutput, as type: OutputType?) {
        self.init(text: handled.text, value: type.map { _ in handled.value })
    }

    /// A tool's answer is taken as it is, whatever the output type says.
    init(ofTool text: String, as type: OutputType?) {
        self.init(text: text, value: type.map { _ in (try? JSONValue(json: text)) ?? .string(text) })
        isOfTool = true
    }

    init(ofTool value: JSONValue, as type: OutputType?) {
        self.init(text: value.string ?? value.text, value: type.map { _ in value })
        isOfTool = true
    }
}
