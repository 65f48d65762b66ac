import AgentRuntime

extension APIOperation {
    /// Every route of the gateway but the files of the page.
    static let all: [APIOperation] = operations + accounts + tokens + todos + conversations + [decide, edit]
}

extension APISchema {
    /// Every schema that an operation uses.
    static let all: [APISchema] =
        [problem, health, description] + accounts + tokens + todos + conversations + [decision, edit] + ChatEventSchemas.all
}
