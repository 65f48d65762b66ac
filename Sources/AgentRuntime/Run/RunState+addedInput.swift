extension RunState {
    /// What guardrails look at: the input, or what was added to it since.
    var uncheckedInput: [Item] { transcript.addedInput.isEmpty ? transcript.input : transcript.addedInput }

    var uncheckedGuardrailsOfAddedInput: [InputGuardrail<Context>] {
        transcript.addedInput.isEmpty ? [] : agent.inputGuardrails.filter { !guardrailsOfAddedInput.contains($0.name) }
    }

    /// Throws when the run will ask no model that could see these items.
    func checkAdding(_ items: [Item]) throws(RunError) {
        guard !items.isEmpty else { throw .user("There is nothing to add to the input.") }
        guard turn > 0, transcript.ending == nil else { throw .user("Input can be added to a run that is under way, and to no other.") }
        let mayEnd = agent.toolsToFinalOutput != nil || transcript.pendingCalls.contains { agent.toolUseBehavior.mayEnd(with: $0.name) }
        guard transcript.pendingCalls.isEmpty || !mayEnd else { throw .user("No input can be added: a call that waits may end the run.") }
    }
}

extension ToolUseBehavior {
    fileprivate func mayEnd(with tool: String) -> Bool {
        switch self {
        case .runModelAgain: false
        case .stopOnFirstTool: true
        case .stopAtTools(let names): names.contains(tool)
        }
    }
}
