import AgentRuntime
import AgentTesting
import Synchronization
import Testing

/// What the settings of a request say about retrying it.
@Suite(.timeLimit(.minutes(5))) struct RetryPolicyTests {
    private let clock = ImmediateClock()

    private static func status(_ status: Int, retryAfter: Duration? = nil, shouldRetry: Bool? = nil) -> ModelError {
        .http(status: status, message: "", retryAfter: retryAfter, shouldRetry: shouldRetry)
    }

    /// How many requests are made when each but the last fails with `error`.
    private func requests(
        _ error: ModelError,
        _ retry: RetrySettings,
        timeout: Duration? = nil,
        previousResponseID: String? = nil,
        failures: Int = 6
    ) async -> Int {
        let scripted = ScriptedModel(Array(repeating: .error(error), count: failures) + [.text("Hi")])
        let model = RetryingModel(scripted, clock: clock)
        let settings = ModelSettings(timeout: timeout, retry: retry)
        let request = ModelRequest(input: [.user("Hi")], settings: settings, previousResponseID: previousResponseID)
        _ = try? await model.events(for: request)
        return scripted.requests.count
    }

    @Test(arguments: [
        (RetryPolicy.never, status(500), false), (.providerSuggested, status(500), true), (.providerSuggested, status(400), false),
        (.providerSuggested, status(400, shouldRetry: true), true), (.providerSuggested, status(500, shouldRetry: false), false),
        (.providerSuggested, .transport(.couldNotConnect), true), (.networkError, .transport(.couldNotConnect), true),
        (.networkError, status(500), false), (.networkError, .transport(.totalTimedOut), false), (.retryAfter, status(429), false),
        (.retryAfter, status(418, retryAfter: .seconds(1)), true), (.httpStatus([418]), status(418), true), (.httpStatus([418]), status(500), false),
        (.httpStatus([500]), status(500, shouldRetry: false), true),
        (.any([.httpStatus([500]), .providerSuggested]), status(500, shouldRetry: false), false),
        (.any([.httpStatus([418]), .networkError]), status(418), true), (.any([]), status(500), false), (.all([]), status(500), false),
        (.all([.httpStatus([429]), .retryAfter]), status(429), false),
        (.all([.httpStatus([429]), .retryAfter]), status(429, retryAfter: .seconds(1)), true),
        (.any([.networkError]), .interrupted(.connectionLost("")), false),
        (.any([.networkError, .providerSuggested]), .malformed(""), false),
    ])
    func y242_aPolicySaysWhichFailuresAreWorthAnotherRequest(policy: RetryPolicy, error: ModelError, isRetried: Bool) async {
        #expect(await requests(error, RetrySettings(maxRetries: 1, policy: policy)) == (isRetried ? 2 : 1))
    }

    @Test func y242_theBudgetIsTheRequests() async {
        #expect(await requests(Self.status(500), RetrySettings()) == 3)
        #expect(await requests(Self.status(500), RetrySettings(maxRetries: 0)) == 1)
        #expect(await requests(Self.status(500), RetrySettings(maxRetries: 5)) == 6)
    }

    @Test func y242_theBackoffIsTheRequests() async {
        let backoff = RetrySettings.Backoff(initialDelay: .seconds(2), maxDelay: .seconds(10), multiplier: 3, jitter: false)
        _ = await requests(Self.status(500), RetrySettings(maxRetries: 4, backoff: backoff))
        #expect(clock.sleeps == [.seconds(2), .seconds(6), .seconds(10), .seconds(10)])
    }

    @Test(arguments: [Double.nan, .infinity, -1, 0, 1e300])
    func aSenselessBackoffTrapsNowhere(multiplier: Double) async {
        let backoff = RetrySettings.Backoff(initialDelay: .seconds(-1), maxDelay: .seconds(Int64.max), multiplier: multiplier, jitter: true)
        #expect(await requests(Self.status(500), RetrySettings(maxRetries: 3, backoff: backoff)) == 4)
    }

    @Test(arguments: [
        (ModelError.transport(.connectionLost("")), false), (.transport(.firstByteTimedOut), false), (status(418), false),
        (.transport(.couldNotConnect), true), (.transport(.couldNotResolve), true), (status(503), true), (status(418, shouldRetry: true), true),
    ])
    func y242_aConversationAtTheProviderIsAddedToOnce(error: ModelError, isSafe: Bool) async {
        var retry = RetrySettings(maxRetries: 1, policy: .any([.networkError, .httpStatus([418, 503])]))
        #expect(await requests(error, retry, previousResponseID: "r") == (isSafe ? 2 : 1))
        #expect(await requests(error, retry) == 2)
        retry.approvesUnsafeReplay = true
        #expect(await requests(error, retry, previousResponseID: "r") == 2)
    }

    @Test func y244_aTimeoutIsOfEachAttemptAndItsFailureTriedAgain() async throws {
        let transport = FixtureTransport(.failure(.totalTimedOut), .failure(.totalTimedOut), .stream(WireAPI.chat.stream))
        let model = RetryingModel(WireAPI.chat.model(transport), clock: clock)
        let request = ModelRequest(input: [.user("Hi")], settings: ModelSettings(timeout: .seconds(3)))
        #expect(try await model.response(to: request)?.usage.requests == 3)
        #expect(transport.requests.map(\.deadlines.total) == [.seconds(3), .seconds(3), .seconds(3)])
    }

    @Test func y244_aTimeoutInAConversationAtTheProviderIsNotReplayed() async {
        let retry = RetrySettings(maxRetries: 1)
        #expect(await requests(.transport(.totalTimedOut), retry, timeout: .seconds(1)) == 2)
        #expect(await requests(.transport(.totalTimedOut), retry, timeout: .seconds(1), previousResponseID: "r") == 1)
    }

    @Test func y243_aLockedConversationIsWaitedForThreeTimes() async throws {
        let locked = ModelError.conversationLocked("busy")
        #expect(await requests(locked, RetrySettings(policy: .never), previousResponseID: "r") == 4)
        #expect(clock.sleeps == [.seconds(1), .seconds(2), .seconds(4)])
        #expect(await requests(locked, RetrySettings(maxRetries: 0), previousResponseID: "r") == 1)
        let body: JSONValue = ["error": ["message": "busy", "code": "conversation_locked"]]
        let transport = FixtureTransport(.json(body, status: 400))
        await #expect(throws: locked) { _ = try await WireAPI.responses.model(transport).events(for: .hello) }
    }

    @Test func y243_locksAndOtherFailuresHaveTheirOwnBudgets() async throws {
        let locked = ScriptedModel.Step.error(ModelError.conversationLocked(""))
        let busy = ScriptedModel.Step.error(Self.status(503))
        let model = RetryingModel(ScriptedModel([locked, busy, locked, busy, locked, .text("Hi")]), clock: clock)
        #expect(try await model.response(to: .hello)?.usage == Usage(requests: 6))
    }

    @Test func y246_failedRequestsCountAndTheAnsweredOneHasItsEntry() async throws {
        let usage = Usage(requests: 1, inputTokens: 3, outputTokens: 4)
        let scripted = ScriptedModel(.error(Self.status(500)), .response(.said("Hi", usage: usage)))
        let result = try await Runner(model: RetryingModel(scripted, clock: clock)).run(.stub(), input: "Hi", context: ())
        #expect(result.usage.requests == 2)
        #expect(result.usage.totalTokens == 7)
        #expect(result.usage.requestEntries.map(\.totalTokens) == [7])
    }
}

/// A clock on which no sleep takes time; it notes how long each was meant to be.
private final class ImmediateClock: Clock {
    private let state = Mutex<(now: ManualClock.Instant, sleeps: [Duration])>((ManualClock.Instant(), []))

    var now: ManualClock.Instant { state.withLock { $0.now } }
    var minimumResolution: Duration { .nanoseconds(1) }
    var sleeps: [Duration] { state.withLock { $0.sleeps } }

    func sleep(until deadline: ManualClock.Instant, tolerance: Duration?) async throws {
        state.withLock { state in
            state.sleeps.append(state.now.duration(to: deadline))
            state.now = deadline
        }
    }
}
