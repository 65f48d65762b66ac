/// What a prompt file says about conversations that grow too long for the model.
struct PromptCompaction: Sendable, Hashable {
    let budget: Int
    let keptTokens: Int?
    /// The models that sum up; none for the agent's own.
    let models: [PromptFile.Entry]
    let instructions: String?
    /// Whether older turns are summed up instead of dropped.
    let sumsUp: Bool
    let onFailure: Compaction.FailureBehavior

    init(_ fields: FrontMatter) throws {
        guard let budget = try fields.positive("budget") else {
            throw PromptError(
                file: fields.path, line: fields.line, "'compaction' needs a 'budget': how many tokens of conversation the model is to see.")
        }
        self.budget = budget
        keptTokens = try fields.positive("kept_tokens")
        if let keptTokens, keptTokens > budget { throw fields.mistake("kept_tokens", "no more than 'budget'") }
        models = try fields.models("model")
        instructions = try fields.text("instructions")
        sumsUp = try fields.flag("summary") ?? true
        onFailure = try fields.word("on_failure", ["drop_oldest": .dropOldest, "fail": .fail]) ?? .dropOldest
    }

    static let keys = ["budget", "kept_tokens", "summary", "model", "instructions", "on_failure"]

    func compaction(by model: (any Model)?) -> Compaction {
        let summarizer = model.map { Summarizer(model: $0, instructions: instructions ?? Summarizer.instructions) }
        return Compaction(budget: budget, keptTokens: keptTokens, summarizer: sumsUp ? summarizer : nil, onFailure: onFailure)
    }
}
