extension Runner {
    /// Asks the model, beside the guardrails that need not be waited for. A guardrail that trips ends the request.
    func ask<Context>(meanwhile guardrails: [InputGuardrail<Context>], in run: RunInProgress<Context>) async throws {
        try Task.checkCancellation()
        try run.config.checkConversation(of: run.state.agent, with: model)
        try await run.save { $0.newItems + $0.addedInput }
        guard !guardrails.isEmpty else { return try await record(try await respond(in: run), in: run) }
        let answer = try await withThrowingTaskGroup(of: Answer?.self) { group in
            group.addTask { try await respond(in: run) }
            group.addTask {
                try await check(guardrails, in: run)
                if let tripped = run.state.verdicts.first(where: \.isTripped) { throw RunError.inputGuardrailTripped(tripped) }
                return nil
            }
            var answer: Answer?
            for try await result in group { answer = result ?? answer }
            return answer
        }
        if let answer { try await record(answer, in: run) }
    }

    /// What the model said, and the places of what it was sent in a conversation that its provider keeps.
    private typealias Answer = (response: ModelResponse, sent: [Int]?)

    /// Makes the request, tells the hooks, and gives the whole response.
    private func respond<Context>(in run: RunInProgress<Context>) async throws -> Answer {
        try await start(in: run)
        let tools = try await offer(in: run)
        let state = run.state
        let (agent, context) = (state.agent, run.publicContext(of: state))
        let model = agent.model ?? model
        let (request, sent) = try await request(state, context, tools, in: run.journal.log.run)
        let response = try await run.withinBudget(request, of: model.name) { request, tries in
            try await run.tell(agent) {
                try await $0.onLLMStart(agent, request, context)
            } own: {
                try await $0.onLLMStart(agent, request, context)
            }
            if state.hasUnfinishedTurn { try run.journal.record(.restart(turn: state.turn + 1, attempt: state.restarts + 2)) }
            return try await run.generation(request, by: model) { try await listen(to: model.respond(to: request), noting: tries, in: run) }
        }
        return (response, sent)
    }

    /// Tells that an agent begins, before its first turn.
    private func start<Context>(in run: RunInProgress<Context>) async throws {
        guard run.state.response == nil else { return }
        let (agent, context) = (run.state.agent, run.publicContext())
        try await run.tell(agent) {
            try await $0.onAgentStart(agent, context)
        } own: {
            try await $0.onStart(agent, context)
        }
    }

    /// What the model sees.
    private func request<Context>(
        _ state: RunState<Context>,
        _ run: RunContext<Context>,
        _ tools: [ToolDefinition],
        in log: String
    ) async throws -> (ModelRequest, sent: [Int]?) {
        let agent = state.agent
        var settings = state.config.settings(of: agent, asking: (agent.model ?? model).name)
        if agent.resetsToolChoice, state.agentsThatUsedTools.contains(agent.name) { settings.toolChoice = nil }
        let isKept = state.config.isConversationKept(by: agent.model ?? model)
        let items = state.items.applying(state.config.reasoningItemIDs)
        let unsent = isKept ? state.conversation.unsent(of: items) : []
        let (instructions, prompt) = try await agent.told(in: run)
        var input = ModelInput(instructions: instructions, items: isKept ? unsent.map(\.item) : items)
        if let filter = state.config.modelInputFilter { input = try await filter(input, agent, run).withoutRepetitions() }
        var request = ModelRequest(
            instructions: input.instructions,
            input: input.items,
            tools: tools,
            hostedTools: agent.hostedTools.isEmpty ? nil : agent.hostedTools,
            settings: settings,
            outputFormat: agent.outputType?.format,
            isStreamed: isStreamed,
            prompt: prompt,
            promptCacheGroup: state.promptCacheGroup(of: log)
        )
        request.conversationID = state.config.conversationID
        request.previousResponseID = state.config.previousResponseID(after: state.conversation)
        return (request, isKept ? unsent.places(of: input.items) : nil)
    }

    private func record<Context>(_ answer: Answer, in run: RunInProgress<Context>) async throws {
        let response = try answer.response.withoutRepeatedCalls()
        try run.journal.record(.response(turn: run.state.turn + 1, response, sent: answer.sent))
        let (agent, context) = (run.state.agent, run.publicContext())
        try await run.tell(agent) {
            try await $0.onLLMEnd(agent, response, context)
        } own: {
            try await $0.onLLMEnd(agent, response, context)
        }
        try recordCalls(in: run)
    }

    /// Notes the calls of the latest response, those that are not in the log yet.
    func recordCalls<Context>(in run: RunInProgress<Context>) throws {
        let state = run.state
        for (index, call) in state.unrecordedCalls {
            let isHandoff = state.agent.handoff(named: call.name) != nil
            let tool = isHandoff ? nil : state.agent.tool(named: call.name)
            var call = ToolCall(call, turn: state.turn, index: index, isHandoff: isHandoff, origin: tool?.origin)
            call.isDestructive = tool?.policy.isDestructive ?? false
            try run.journal.record(.toolCall(call))
        }
    }
}

extension ToolCall {
    fileprivate init(_ call: Item.FunctionCall, turn: Int, index: Int, isHandoff: Bool, origin: ToolOrigin?) {
        self.init(turn: turn, index: index, callID: call.callID, name: call.name, arguments: call.arguments, isHandoff: isHandoff, origin: origin)
    }
}

extension ModelResponse {
    /// The same call twice under one id is one call. Throws when one id stands for two different calls, or is empty.
    fileprivate func withoutRepeatedCalls() throws(RunError) -> ModelResponse {
        var seen: [String: Item.FunctionCall] = [:]
        var kept = self
        kept.items = []
        for item in items {
            guard case .functionCall(let call) = item else { kept.items.append(item); continue }
            guard !call.callID.isEmpty else { throw .modelBehavior("The model made a call without an id.") }
            guard let earlier = seen[call.callID] else {
                seen[call.callID] = call
                kept.items.append(item)
                continue
            }
            guard earlier.name == call.name, earlier.arguments == call.arguments else {
                throw .modelBehavior("The model used one call id for two different calls.")
            }
        }
        return kept
    }
}
