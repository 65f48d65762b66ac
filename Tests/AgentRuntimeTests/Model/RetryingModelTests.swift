import AgentRuntime
import AgentTesting
import Testing

@Suite(.timeLimit(.minutes(5))) struct RetryingModelTests {
    private let clock = ManualClock()

    private func model(_ scripted: ScriptedModel, tries: Int = 3) -> RetryingModel {
        RetryingModel(scripted, retry: RetrySettings(maxRetries: tries - 1), clock: clock, generator: SeededGenerator(seed: 1))
    }

    private static func status(_ status: Int, retryAfter: Duration? = nil, shouldRetry: Bool? = nil) -> ModelError {
        .http(status: status, message: "", retryAfter: retryAfter, shouldRetry: shouldRetry)
    }

    /// Asks while the clock moves on from sleep to sleep.
    private func ask(_ model: any Model, sleeps: Int) async throws -> [ModelEvent] {
        async let events = model.events(for: .hello)
        for _ in 0..<sleeps {
            await clock.untilSleeping()
            clock.advance(by: .seconds(30))
        }
        return try await events
    }

    @Test(arguments: [
        status(408), status(409), status(429), status(500), status(502), status(503), status(504), status(529), status(400, shouldRetry: true),
        .transport(.couldNotConnect), .transport(.couldNotResolve), .transport(.connectTimedOut), .transport(.firstByteTimedOut),
        .transport(.connectionLost("")),
    ])
    func r102_y242_y246_whatMayPassIsTriedAgain(error: ModelError) async throws {
        let scripted = ScriptedModel(.error(error), .error(error), .text("Hi"))
        let events = try await ask(model(scripted), sleeps: 2)
        #expect(events.prefix(2) == [.retrying(after: error), .retrying(after: error)])
        #expect(events.dropFirst(2) == [.textDelta("Hi"), .completed(.said("Hi", usage: Usage(requests: 3)))])
        #expect(scripted.requests.count == 3)
    }

    @Test(arguments: [
        status(400), status(401), status(403), status(404), status(413), status(422), status(429, shouldRetry: false),
        .transport(.tls("expired")), .transport(.refusedURL("")), .transport(.totalTimedOut), .transport(.cancelled), .malformed(""),
        .contentFiltered, .lengthLimitReached, .interrupted(.connectionLost("")), .failed(code: nil, message: ""),
    ])
    func r102_whatWillNotPassIsNotTriedAgain(error: ModelError) async throws {
        let scripted = ScriptedModel(.error(error), .text("Hi"))
        await #expect(throws: error) { _ = try await ask(model(scripted), sleeps: 0) }
        #expect(scripted.requests.count == 1)
        #expect(clock.sleeps.isEmpty)
    }

    @Test func y242_theLastFailureIsTold() async throws {
        let scripted = ScriptedModel(.error(Self.status(500)), .error(Self.status(502)), .error(Self.status(503)), .text("Hi"))
        await #expect(throws: Self.status(503)) { _ = try await ask(model(scripted), sleeps: 2) }
        #expect(scripted.remainingSteps == 1)
    }

    @Test func r102_y242_pausesDoubleAndVary() async throws {
        let scripted = ScriptedModel(Array(repeating: .error(Self.status(500)), count: 7) + [.text("Hi")])
        _ = try await ask(model(scripted, tries: 8), sleeps: 7)
        let full: [Duration] = [.seconds(0.5), .seconds(1), .seconds(2), .seconds(4), .seconds(8), .seconds(8), .seconds(8)]
        #expect(clock.sleeps.count == full.count)
        for (pause, full) in zip(clock.sleeps, full) { #expect((full * 0.75...full).contains(pause)) }
        #expect(Set(clock.sleeps).count == full.count)
    }

    @Test func r101_y242_retryAfterBeatsTheBackoff() async throws {
        let scripted = ScriptedModel(
            .error(Self.status(429, retryAfter: .seconds(20))), .error(Self.status(429, retryAfter: .milliseconds(10))), .text("Hi"))
        _ = try await ask(model(scripted), sleeps: 2)
        #expect(clock.sleeps == [.seconds(20), .milliseconds(10)])
    }

    @Test func r101_noHurryIsMadeOfAnEmptyRetryAfter() async throws {
        let scripted = ScriptedModel(.error(Self.status(429, retryAfter: .zero)), .text("Hi"))
        _ = try await ask(model(scripted), sleeps: 1)
        #expect(clock.sleeps.allSatisfy { $0 >= .seconds(0.375) })
    }

    @Test func r101_aLongRetryAfterIsNotWaitedFor() async throws {
        let error = Self.status(429, retryAfter: .seconds(21))
        let scripted = ScriptedModel(.error(error), .text("Hi"))
        await #expect(throws: error) { _ = try await ask(model(scripted), sleeps: 0) }
        #expect(clock.sleeps.isEmpty)
    }

    @Test func r102_y242_anAnswerThatHasBegunIsNotMadeAgain() async throws {
        let scripted = ScriptedModel(.stream([.textDelta("H")], error: Self.status(500)), .text("Hi"))
        await #expect(throws: Self.status(500)) { _ = try await ask(model(scripted), sleeps: 0) }
        #expect(scripted.requests.count == 1)
    }

    @Test func y242_y244_aCancelledPauseEndsTheRequest() async throws {
        let scripted = ScriptedModel(.error(Self.status(500)), .text("Hi"))
        let retrying = model(scripted)
        let task = Task { try await retrying.events(for: .hello) }
        await clock.untilSleeping()
        task.cancel()
        await #expect(throws: CancellationError.self) { _ = try await task.value }
        #expect(scripted.requests.count == 1)
    }

    @Test func r101_oneTryIsOneTry() async throws {
        let scripted = ScriptedModel(.error(Self.status(500)))
        await #expect(throws: Self.status(500)) { _ = try await ask(model(scripted, tries: 1), sleeps: 0) }
    }

    @Test(arguments: WireAPI.allCases)
    func r102_theWireTellsWhatMayBeTriedAgain(api: WireAPI) async throws {
        let lost = TransportError.connectionLost("reset")
        let begun = FixtureTransport(.stream(String(api.stream.prefix(330)), failure: lost), .stream(api.stream))
        let retrying = RetryingModel(api.model(begun), clock: clock)
        await #expect(throws: ModelError.interrupted(lost)) { _ = try await ask(retrying, sleeps: 0) }
        let refused = FixtureTransport(.failure(.couldNotConnect), .json(["error": "busy"], status: 503), .stream(api.stream))
        let events = try await ask(RetryingModel(api.model(refused), clock: clock), sleeps: 2)
        guard case .completed(let response)? = events.last else { Issue.record("no response"); return }
        #expect(response.usage.requests == 3)
    }
}
