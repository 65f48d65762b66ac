extension Agent {
    private enum Told: Sendable {
        case instructions(String?)
        case prompt(HostedPrompt?)
    }

    /// The instructions and the prompt, both made at once; when one fails the other is cancelled.
    func told(in run: RunContext<Context>) async throws -> (instructions: String?, prompt: HostedPrompt?) {
        guard let prompt else { return (try await instructions.text(in: run), nil) }
        return try await withThrowingTaskGroup(of: Told.self) { group in
            group.addTask { .instructions(try await instructions.text(in: run)) }
            group.addTask { .prompt(try await prompt(run)) }
            var told: (String?, HostedPrompt?) = (nil, nil)
            for try await part in group {
                switch part {
                case .instructions(let text): told.0 = text
                case .prompt(let prompt): told.1 = prompt
                }
            }
            return told
        }
    }
}
