import FoundationEssentials

/// Posts what is exported, and again when the server could not take it for a passing reason: three times in all.
struct TraceUpload: Sendable {
    static let tries = 3
    private static let longestPause = Duration.seconds(30)
    private static let backoff = RetrySettings.Backoff(initialDelay: .seconds(1), maxDelay: longestPause, multiplier: 2, jitter: true)

    let transport: any Transport
    let clock: any Clock<Duration>
    let chance: Chance
    /// Which statuses pass, as long as the server does not say otherwise.
    let isPassing: @Sendable (_ status: Int) -> Bool

    /// The start of the answer. Throws `TraceExportError`, and `CancellationError` when the task is cancelled.
    func send(_ request: TransportRequest) async throws -> [UInt8] {
        var failures = 0
        while true {
            try Task.checkCancellation()
            let outcome = await attempt(request)
            switch outcome {
            case .taken(let answer): return answer
            case .failed(.unreachable(.cancelled), _): throw CancellationError()
            case .failed(let error, let pause):
                failures += 1
                guard let pause, failures < TraceUpload.tries else { throw error }
                let backoff = TraceUpload.backoff.pause(afterFailures: failures, chance: chance.upToOne())
                try await clock.sleep(for: min(max(backoff, pause), TraceUpload.longestPause))
            }
        }
    }

    private enum Outcome {
        case taken([UInt8])
        /// Nil for a failure that stays; otherwise how long the server asked to be left alone.
        case failed(TraceExportError, pause: Duration?)
    }

    private func attempt(_ request: TransportRequest) async -> Outcome {
        let response: TransportResponse
        do {
            response = try await transport.send(request)
        } catch {
            let error = error as? TransportError ?? .connectionLost("\(type(of: error))")
            return .failed(.unreachable(error), pause: error.isTransient || error.isTimeout ? .zero : nil)
        }
        let answer = (try? await response.body.collect(upTo: 65_536)) ?? []
        guard !(200..<300).contains(response.status) else { return .taken(answer) }
        let isVetoed = response.headers["x-should-retry"]?.lowercased() == "false"
        let asked = RetryAfter.duration(in: response.headers, now: Date().timeIntervalSince1970) ?? .zero
        return .failed(.refused(status: response.status), pause: isPassing(response.status) && !isVetoed ? asked : nil)
    }
}
