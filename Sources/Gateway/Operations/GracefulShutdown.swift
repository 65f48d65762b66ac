import ServiceLifecycle

/// Performs `work` until it is done or the process is asked to end, which is no failure of it.
func untilGracefulShutdown(_ work: @escaping @Sendable () async throws -> Void) async throws {
    do { try await cancelWhenGracefulShutdown(work) } catch is CancellationError {}
}

extension Clock<Duration> {
    /// Performs `work` after `delay`, and again each time `interval` after its end, until the process is asked to end.
    func repeatUntilGracefulShutdown(after delay: Duration, every interval: Duration, _ work: @escaping @Sendable () async throws -> Void)
        async throws
    {
        try await untilGracefulShutdown {
            try await sleep(for: delay)
            while true {
                try await work()
                try await sleep(for: interval)
            }
        }
    }
}
