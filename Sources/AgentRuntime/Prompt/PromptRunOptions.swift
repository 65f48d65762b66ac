/// What the front matter says about a run that starts with the agent, beside what it does about errors.
public struct PromptRunOptions: Sendable, Hashable {
    let nestsHandoffHistory: Bool?
    let failsOnUnknownTool: Bool?
    let toolNameCollisionPolicy: ToolNameCollisionPolicy?
    let blockedOutputText: String?
    let reasoningItemIDs: ItemIDPolicy?
    let compaction: PromptCompaction?

    init(_ fields: FrontMatter) throws {
        nestsHandoffHistory = try fields.flag("nest_handoff_history")
        failsOnUnknownTool = try fields.word("tool_not_found_behavior", ["return_error_to_model": false, "raise_error": true])
        toolNameCollisionPolicy = try fields.word("tool_name_collision_policy", ["error": .error, "warn": .warn])
        blockedOutputText = try fields.text("output_guardrail_blocked_message")
        reasoningItemIDs = try fields.word("reasoning_item_id_policy", ["preserve": .preserve, "omit": .omit])
        compaction = try fields.section("compaction", keys: PromptCompaction.keys).map { try PromptCompaction($0) }
    }

    func apply<Context>(to config: inout RunConfig<Context>) {
        config.nestsHandoffHistory = nestsHandoffHistory ?? config.nestsHandoffHistory
        config.failsOnUnknownTool = failsOnUnknownTool ?? config.failsOnUnknownTool
        config.toolNameCollisionPolicy = toolNameCollisionPolicy ?? config.toolNameCollisionPolicy
        config.reasoningItemIDs = reasoningItemIDs ?? config.reasoningItemIDs
        if let blockedOutputText { config.blockedOutputText = { _ in blockedOutputText } }
    }
}
