import AgentTesting
import Synchronization
import Testing

@testable import AgentRuntime

@Suite struct CircuitBreakerTests {
    /// Time that a test moves.
    private final class Time: Sendable {
        private let offset = Mutex(Duration.zero)
        private let start = ContinuousClock.now

        var now: ContinuousClock.Instant { start + offset.withLock { $0 } }

        func advance(by duration: Duration) {
            offset.withLock { $0 += duration }
        }
    }

    private static let down = ModelError.transport(.couldNotConnect)

    private func breaker(_ time: Time) -> CircuitBreaker {
        CircuitBreaker(CircuitBreaker.Settings(outages: 3, window: .seconds(60), pause: .seconds(10))) { time.now }
    }

    private func ask(_ model: any Model) async -> ModelError? {
        do {
            _ = try await model.events(for: .hello)
            return nil
        } catch {
            return error as? ModelError
        }
    }

    @Test(arguments: [
        down, .http(status: 500, message: "", retryAfter: nil), .http(status: 529, message: "", retryAfter: nil), .transport(.tls("expired")),
        .transport(.firstByteTimedOut), .interrupted(.connectionLost("")),
    ])
    func r102_theCircuitOpensAfterOutagesAndOneProbeClosesIt(outage: ModelError) async throws {
        let time = Time()
        let scripted = ScriptedModel(.error(outage), .error(outage), .error(outage), .error(outage), .text("Hi"), .text("Hi"))
        let breaker = breaker(time)
        let model = CircuitBreakingModel(scripted, breaker: breaker)
        for _ in 1...3 { #expect(await ask(model) == outage) }
        #expect(breaker.isOpen)
        for _ in 1...100 { #expect(await ask(model) == .circuitOpen) }
        #expect(scripted.requests.count == 3, "nobody is asked while it is open")
        time.advance(by: .milliseconds(9_999))
        #expect(await ask(model) == .circuitOpen)
        time.advance(by: .milliseconds(1))
        #expect(await ask(model) == outage, "the probe, which fails")
        #expect(await ask(model) == .circuitOpen)
        time.advance(by: .seconds(10))
        #expect(await ask(model) == nil)
        #expect(!breaker.isOpen)
        #expect(await ask(model) == nil)
        #expect(scripted.requests.count == 6)
    }

    @Test func r102_oneProbeAtATime() async throws {
        let time = Time()
        let breaker = breaker(time)
        for _ in 1...3 { breaker.enter()?.end(with: .outage) }
        time.advance(by: .seconds(10))
        var probe = breaker.enter()
        #expect(probe != nil)
        #expect(breaker.enter() == nil)
        // Nobody waits for it any more: the next request is the probe.
        probe = nil
        #expect(probe == nil)
        let next = try #require(breaker.enter())
        #expect(breaker.enter() == nil)
        next.end(with: .answered)
        next.end(with: .outage)
        #expect(!breaker.isOpen)
    }

    @Test(arguments: [
        ModelError.http(status: 400, message: "", retryAfter: nil), .http(status: 429, message: "", retryAfter: nil), .malformed(""),
        .contentFiltered, .lengthLimitReached, .failed(code: nil, message: ""),
    ])
    func whoeverAnswersIsThere(error: ModelError) async {
        let time = Time()
        let breaker = breaker(time)
        for _ in 1...4 {
            let model = CircuitBreakingModel(ScriptedModel(.error(Self.down), .error(Self.down), .error(error)), breaker: breaker)
            for _ in 1...3 { _ = await ask(model) }
        }
        #expect(!breaker.isOpen)
    }

    @Test func outagesThatAreFarApartDoNotAddUp() async {
        let time = Time()
        let breaker = breaker(time)
        for _ in 1...10 {
            breaker.enter()?.end(with: .outage)
            time.advance(by: .seconds(31))
        }
        #expect(!breaker.isOpen)
        for _ in 1...3 { breaker.enter()?.end(with: .outage) }
        #expect(breaker.isOpen)
    }

    @Test func whatBeganBeforeItOpenedDoesNotCloseIt() {
        let breaker = breaker(Time())
        let early = breaker.enter()
        for _ in 1...3 { breaker.enter()?.end(with: .outage) }
        early?.end(with: .answered)
        #expect(breaker.isOpen)
    }

    @Test func aCancelledRequestSaysNothing() async {
        let breaker = breaker(Time())
        for error in [CancellationError() as any Error & Sendable, ModelError.transport(.cancelled), ModelError.interrupted(.shutDown)] {
            for _ in 1...5 { _ = await ask(CircuitBreakingModel(ScriptedModel(.error(error)), breaker: breaker)) }
        }
        #expect(!breaker.isOpen)
    }

    @Test func r102_anOpenCircuitIsNotRetriedAndTheNextModelIsAsked() async throws {
        let breaker = breaker(Time())
        for _ in 1...3 { breaker.enter()?.end(with: .outage) }
        let clock = ManualClock()
        let open = RetryingModel(CircuitBreakingModel(ScriptedModel(.text("No")), breaker: breaker), clock: clock)
        #expect(await ask(open) == .circuitOpen)
        #expect(clock.sleeps.isEmpty)
        let second = ScriptedModel(.text("Hi"))
        #expect(try await FallbackModel(open, second).response(to: .hello)?.text == "Hi")
    }

    @Test func r102_aRunEndsAtOnceAndSaysThatTheModelIsUnavailable() async throws {
        let breaker = breaker(Time())
        for _ in 1...3 { breaker.enter()?.end(with: .outage) }
        let runner = Runner(model: CircuitBreakingModel(ScriptedModel(.text("No")), breaker: breaker))
        let log = InMemoryRunLog()
        await #expect(throws: RunError.model(.circuitOpen)) { try await runner.run(Agent<Void>.stub(), input: "Hi", context: (), log: log) }
        let failure = RunReport(of: log.records).failure
        #expect(failure?.code == .modelUnavailable)
        #expect(failure?.retry == true)
    }
}
