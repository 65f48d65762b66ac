import AgentRuntime
import Testing

/// Runs a scenario streamed and not streamed, and expects that both leave the same: requests, decided events, shown and stored, session,
/// results, errors, and notes.
///
/// - Returns: What the streamed one left.
/// - Throws: What the scenario throws when it is streamed.
@discardableResult func inBothModes(
    sourceLocation: SourceLocation = #_sourceLocation,
    _ scenario: (RunMode) async throws -> Void
) async throws -> ScenarioOutcome {
    let (streamed, error) = await outcome(of: scenario, isStreamed: true)
    let (plain, _) = await outcome(of: scenario, isStreamed: false)
    expectSame(streamed, plain, sourceLocation)
    if let error { throw error }
    return streamed
}

/// Runs a scenario streamed and not streamed, and expects that both fail with this error and leave the same.
@discardableResult func inBothModes<Failure: Error & Equatable>(
    throwing failure: Failure,
    sourceLocation: SourceLocation = #_sourceLocation,
    _ scenario: (RunMode) async throws -> Void
) async -> ScenarioOutcome {
    let (streamed, error) = await outcome(of: scenario, isStreamed: true)
    let (plain, plainError) = await outcome(of: scenario, isStreamed: false)
    expectSame(streamed, plain, sourceLocation)
    for (mode, error) in [("streamed", error), ("not streamed", plainError)] {
        #expect(error as? Failure == failure, "\(mode): \(error.map { String(reflecting: $0) } ?? "no error")", sourceLocation: sourceLocation)
    }
    return streamed
}

private func outcome(of scenario: (RunMode) async throws -> Void, isStreamed: Bool) async -> (ScenarioOutcome, (any Error)?) {
    let mode = RunMode(isStreamed: isStreamed)
    var failure: (any Error)?
    do { try await scenario(mode) } catch { failure = error }
    let outcome = await mode.outcome
    return (outcome, failure)
}

private func expectSame(_ streamed: ScenarioOutcome, _ plain: ScenarioOutcome, _ location: SourceLocation) {
    let isEachInItsMode = streamed.requests.allSatisfy(\.isStreamed) && !plain.requests.contains(where: \.isStreamed)
    #expect(isEachInItsMode, "A request in the wrong mode.", sourceLocation: location)
    let requests = streamed.requests.map(\.unstreamed)
    #expect(requests == plain.requests, "Different requests.", sourceLocation: location)
    #expect(streamed.decided == plain.decided, "Different events in the log.", sourceLocation: location)
    #expect(streamed.shown.filter(\.isDecided) == plain.shown.filter(\.isDecided), "Different events shown.", sourceLocation: location)
    #expect(streamed.session == plain.session, "Different sessions.", sourceLocation: location)
    #expect(streamed.endings == plain.endings, "Different results or errors.", sourceLocation: location)
    #expect(streamed.notes == plain.notes, "Different order of effects.", sourceLocation: location)
    #expect(streamed.remainingSteps == plain.remainingSteps, "Different numbers of model calls.", sourceLocation: location)
}

extension ModelRequest {
    fileprivate var unstreamed: ModelRequest {
        var request = self
        request.isStreamed = false
        return request
    }
}
