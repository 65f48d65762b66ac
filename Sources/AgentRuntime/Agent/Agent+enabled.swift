extension Agent {
    /// What is switched on at this moment, in listing order. All are asked together; one that throws cancels the others.
    func enabled(in run: RunContext<Context>) async throws -> (tools: [AnyTool<Context>], handoffs: [Handoff<Context>]) {
        if let tool = tools.first(where: { $0.policy.timeout.map { $0 <= .zero } ?? false }) {
            throw RunError.user("The timeout of the tool '\(tool.name)' is not positive.")
        }
        let conditions = tools.map(\.isEnabled) + handoffs.map(\.isEnabled)
        let off = try await withThrowingTaskGroup(of: Int?.self) { group in
            for (place, isEnabled) in conditions.enumerated() {
                guard let isEnabled else { continue }
                group.addTask { try await isEnabled(run) ? nil : place }
            }
            return try await group.reduce(into: Set<Int>()) { off, place in
                if let place { off.insert(place) }
            }
        }
        return (
            tools.indices.filter { !off.contains($0) }.map { tools[$0] },
            handoffs.indices.filter { !off.contains(tools.count + $0) }.map { handoffs[$0] }
        )
    }
}
