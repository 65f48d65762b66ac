/// Whether this process may be sent requests: one named question after another.
struct Readiness: Sendable {
    struct Check: Sendable {
        /// Shown to whoever asks.
        let name: String
        /// Ends when it is cancelled, for the answer waits for its end.
        let passes: @Sendable () async throws -> Bool
    }

    private let checks: [Check]
    private let deadline: Duration
    private let clock: any Clock<Duration>

    /// - Parameter deadline: A check that takes longer has failed.
    init(_ checks: [Check], deadline: Duration = .seconds(2), clock: any Clock<Duration> = ContinuousClock()) {
        self.checks = checks
        self.deadline = deadline
        self.clock = clock
    }

    /// The names of the checks that do not pass.
    func failing() async -> [String] {
        await withTaskGroup(of: String?.self) { group in
            for check in checks {
                group.addTask { await passes(check) ? nil : check.name }
            }
            return await group.reduce(into: []) { names, name in if let name { names.append(name) } }.sorted()
        }
    }

    private func passes(_ check: Check) async -> Bool {
        await withTaskGroup(of: Bool.self) { group in
            group.addTask { (try? await check.passes()) ?? false }
            group.addTask { [clock, deadline] in
                try? await clock.sleep(for: deadline)
                return false
            }
            defer { group.cancelAll() }
            return await group.next() ?? false
        }
    }
}
