/// Work took longer than it was given.
struct DeadlineExceeded: Error {
    let limit: Duration

    /// As people write it: `2`, `0.5`.
    var seconds: String { limit.secondsText }
}

extension Duration {
    /// As people write it: `2`, `0.5`.
    var secondsText: String {
        let value = Double(components.seconds) + Double(components.attoseconds) / 1e18
        return value == value.rounded() ? String(components.seconds) : String(value)
    }
}

/// Does `work`, cancelling it and throwing `DeadlineExceeded` when it takes longer than `limit` on `clock`.
func within<Output: Sendable>(
    _ limit: Duration?,
    on clock: any Clock<Duration>,
    _ work: @escaping @Sendable () async throws -> Output
) async throws -> Output {
    guard let limit else { return try await work() }
    return try await withThrowingTaskGroup(of: Output?.self) { group in
        group.addTask { try await work() }
        group.addTask {
            try await clock.sleep(for: limit)
            return nil
        }
        defer { group.cancelAll() }
        guard let output = try await group.next() ?? nil else { throw DeadlineExceeded(limit: limit) }
        return output
    }
}
