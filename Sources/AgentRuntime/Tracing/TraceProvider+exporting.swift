extension TraceProvider {
    /// Does `body` while the processors pass on what they are told, and shuts them down when it is done.
    ///
    /// - Parameter limit: What the shutdown may take.
    public func exporting<Output: Sendable>(
        shutdownWithin limit: Duration? = .seconds(5),
        _ body: () async throws -> Output
    ) async throws -> Output {
        guard !processors.isEmpty else { return try await body() }
        return try await withThrowingTaskGroup(of: Void.self) { group in
            for processor in processors { group.addTask { await processor.run() } }
            let result: Result<Output, any Error>
            do { result = .success(try await body()) } catch { result = .failure(error) }
            await shutdown(within: limit)
            group.cancelAll()
            return try result.get()
        }
    }
}
