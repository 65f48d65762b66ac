import AgentRuntime
import AgentTesting
import Synchronization
import Testing

/// What holds for both wire APIs.
@Suite(.timeLimit(.minutes(5))) struct WireTests {
    static let usage = Usage(requests: 1, inputTokens: 7, outputTokens: 3, totalTokens: 10, cachedTokens: 4, reasoningTokens: 1)

    @Test(arguments: WireAPI.allCases)
    func aStreamGivesItsTextAsItComesAndThenTheResponse(api: WireAPI) async throws {
        let events = try await api.model(FixtureTransport(.stream(api.stream))).events(for: .hello)
        #expect(events.dropLast() == [.textDelta("Hello "), .textDelta("🌍")])
        guard case .completed(let response)? = events.last else { Issue.record("no response"); return }
        #expect(response.text == "Hello 🌍")
        #expect(response.usage == Self.usage)
        #expect(response.id == (api == .chat ? "chat_1" : "resp_1"))
    }

    @Test(arguments: WireAPI.allCases, [true, false])
    func aWholeAnswerIsTakenWhateverWasAskedFor(api: WireAPI, isStreamed: Bool) async throws {
        let request = isStreamed ? ModelRequest.hello : .helloAtOnce
        let response = try await api.model(FixtureTransport(.json(api.whole))).response(to: request)
        #expect(response?.text == "Hello 🌍")
        #expect(response?.usage == Self.usage)
    }

    @Test(arguments: WireAPI.allCases)
    func aStreamIsTakenWhenNoneWasAskedFor(api: WireAPI) async throws {
        let response = try await api.model(FixtureTransport(.stream(api.stream))).response(to: .helloAtOnce)
        #expect(response?.text == "Hello 🌍")
    }

    @Test(arguments: WireAPI.allCases, ["\n", "\r\n", "\r"])
    func r105_theSplitOfTheBytesMakesNoDifference(api: WireAPI, lineEnd: String) async throws {
        let bytes = Array(api.everything.split(separator: "\n", omittingEmptySubsequences: false).joined(separator: lineEnd).utf8)
        let expected = try await api.model(FixtureTransport(.stream(api.everything))).events(for: .hello)
        #expect(expected.count == 4)
        for place in 1..<bytes.count {
            let halves = [Array(bytes[..<place]), Array(bytes[place...])]
            #expect(try await api.model(FixtureTransport(.stream(halves))).events(for: .hello) == expected)
        }
        #expect(try await api.model(FixtureTransport(.stream(bytes.map { [$0] }))).events(for: .hello) == expected)
        var generator = SeededGenerator(seed: 7)
        for _ in 0..<20 {
            var pieces: [[UInt8]] = []
            var rest = bytes[...]
            while !rest.isEmpty {
                let count = Int.random(in: 1...40, using: &generator)
                pieces.append(Array(rest.prefix(count)))
                rest = rest.dropFirst(count)
            }
            #expect(try await api.model(FixtureTransport(.stream(pieces))).events(for: .hello) == expected)
        }
    }

    @Test(arguments: WireAPI.allCases)
    func r104_aStreamCutAtAnyByteNeverGivesAResponse(api: WireAPI) async throws {
        let bytes = Array(api.stream.utf8)
        // In both streams what comes before this says that the answer is whole.
        let end = api == .chat ? "\"finish_reason\":\"stop\"}]}" : "\"total_tokens\":10}}}"
        let enough = try #require(bytes.firstRange(of: Array(end.utf8))).upperBound
        for count in 0..<enough {
            await #expect(throws: ModelError.self) {
                _ = try await api.model(FixtureTransport(.stream([Array(bytes.prefix(count))]))).response(to: .hello)
            }
        }
        let response = try await api.model(FixtureTransport(.stream([Array(bytes.prefix(enough))]))).response(to: .hello)
        #expect(response?.text == "Hello 🌍")
    }

    @Test(arguments: WireAPI.allCases)
    func aConnectionThatIsLostIsToldApartByWhetherTheAnswerHadBegun(api: WireAPI) async throws {
        let lost = TransportError.connectionLost("reset")
        await #expect(throws: ModelError.transport(lost)) {
            _ = try await api.model(FixtureTransport(.failure(lost))).events(for: .hello)
        }
        await #expect(throws: ModelError.transport(lost)) {
            _ = try await api.model(FixtureTransport(.stream("", failure: lost))).events(for: .hello)
        }
        let started = api.stream.prefix { $0 != "🌍" }
        let whole = started[..<(started.lastIndex(of: "\n") ?? started.endIndex)] + "\n"
        await #expect(throws: ModelError.interrupted(lost)) {
            _ = try await api.model(FixtureTransport(.stream(String(whole), failure: lost))).events(for: .hello)
        }
    }

    @Test(arguments: WireAPI.allCases)
    func aStreamThatEndsBeforeAnythingOfTheAnswerIsALostConnection(api: WireAPI) async throws {
        let opening = try #require(api.stream.firstRange(of: "\n\n")).upperBound
        let lost = TransportError.connectionLost("the stream ended before an answer began")
        await #expect(throws: ModelError.transport(lost)) {
            _ = try await api.model(FixtureTransport(.stream(String(api.stream[..<opening])))).events(for: .hello)
        }
    }

    @Test(arguments: WireAPI.allCases)
    func nothingIsAskedBeforeTheFirstEventIsPulled(api: WireAPI) async throws {
        let transport = FixtureTransport(.stream(api.stream))
        let events = api.model(transport).respond(to: .hello)
        var iterator = events.makeAsyncIterator()
        #expect(transport.requests.isEmpty)
        _ = try await iterator.next()
        #expect(transport.requests.count == 1)
    }

    @Test(arguments: WireAPI.allCases)
    func r091_droppingTheIteratorEndsTheRequest(api: WireAPI) async throws {
        let isCancelled = Mutex(false)
        let pieces = Mutex([Array(api.stream.utf8.prefix(400))])
        let body = TransportBody(next: { .success(pieces.withLock { $0.popLast() }) }, cancel: { isCancelled.withLock { $0 = true } })
        let answer = TransportResponse(status: 200, headers: ["Content-Type": "text/event-stream"], body: body)
        do {
            let model = api.model(FixtureTransport(.respond { _ in answer }))
            var iterator = model.respond(to: .hello).makeAsyncIterator()
            #expect(try await iterator.next() == .textDelta("Hello "))
            #expect(!isCancelled.withLock { $0 })
        }
        // The fixture holds the response's body; the transfer ends with the one reader that began it.
        #expect(isCancelled.withLock { $0 })
        _ = answer
    }

    @Test(arguments: WireAPI.allCases)
    func r172_aFaultInAStreamEndsTheRequestAndTheRun(api: WireAPI) async throws {
        let isCancelled = Mutex(false)
        let broken = "data: {\"error\":{\"code\":\"server_error\",\"message\":\"Oops\"}}\n\n"
        let pieces = Mutex([Array(broken.utf8)])
        let body = TransportBody(
            next: { .success(pieces.withLock { $0.popLast() } ?? [UInt8(ascii: ":")]) }, cancel: { isCancelled.withLock { $0 = true } })
        let answer = TransportResponse(status: 200, headers: ["Content-Type": "text/event-stream"], body: body)
        let log = InMemoryRunLog()
        await #expect(throws: RunError.model(.failed(code: "server_error", message: "Oops"))) {
            try await Runner(model: api.model(FixtureTransport(.respond { _ in answer }))).run(Agent<Void>.stub(), input: "Hi", context: (), log: log)
        }
        #expect(isCancelled.withLock { $0 })
        #expect(log.records.map(\.event).sketches == ["start", "error model_unavailable"])
        _ = answer
    }

    private static let named = ["x-request-id": "req_1", "Request-Id": "req_1"].map { TransportHeaders([.init(name: $0.key, value: $0.value)]) }

    @Test(arguments: WireAPI.allCases, named)
    func r179_theProvidersNameOfTheRequestIsThere(api: WireAPI, headers: TransportHeaders) async throws {
        var streaming = headers
        streaming["Content-Type"] = "text/event-stream"
        let stream = TransportResponse(status: 200, headers: streaming, body: TransportBody([Array(api.stream.utf8)]))
        #expect(try await api.model(FixtureTransport(.response(stream))).response(to: .hello)?.requestID == "req_1")
        let whole = FixtureTransport(.json(api.whole, headers: headers))
        #expect(try await api.model(whole).response(to: .helloAtOnce)?.requestID == "req_1")
        #expect(try await api.model(FixtureTransport(.stream(api.stream))).response(to: .hello)?.requestID == nil)
    }

    @Test(arguments: WireAPI.allCases, [true, false])
    func r179_theRequestsNameAndItsUsageAreInTheRunAlsoAfterAnotherTry(api: WireAPI, isStreamed: Bool) async throws {
        let clock = ManualClock()
        let headers: TransportHeaders = ["x-request-id": "req_2"]
        let transport = FixtureTransport(
            .json(["error": "busy"], status: 503, headers: ["x-request-id": "req_1"]), .json(api.whole, headers: headers))
        let log = InMemoryRunLog()
        let runner = Runner(model: RetryingModel(api.model(transport), clock: clock), isStreamed: isStreamed)
        async let running = runner.run(Agent<Void>.stub(), input: "Hi", context: (), log: log)
        await clock.untilSleeping()
        clock.advance(by: .seconds(30))
        let result = try await running
        #expect(result.report.responses.map(\.requestID) == ["req_2"])
        #expect(RunReport(of: log.records).responses.map(\.requestID) == ["req_2"])
        #expect(result.usage.requests == 2)
        #expect(result.usage.requestEntries.map(\.inputTokens) == [7])
        let stored = try log.records.map { try JSONValue(encoding: $0).decode(as: RunRecord.self) }
        #expect(stored == log.records)
    }

    /// An answer whose stream, after its last event, goes on as `rest` says; and whether its end was read.
    private func answer(_ api: WireAPI, then rest: @escaping @Sendable () async -> Void) -> (FixtureTransport, @Sendable () -> Bool) {
        let pieces = Mutex([Array(api.stream.utf8)])
        let hasEnded = Mutex(false)
        let body = TransportBody(
            next: {
                if let piece = pieces.withLock({ $0.popLast() }) { return .success(piece) }
                await rest()
                hasEnded.withLock { $0 = true }
                return .success(nil)
            }, cancel: {})
        let response = TransportResponse(status: 200, headers: ["Content-Type": "text/event-stream"], body: body)
        return (FixtureTransport(.response(response)), { hasEnded.withLock { $0 } })
    }

    @Test(arguments: WireAPI.allCases)
    func theEndOfTheStreamIsTakenSoThatItsConnectionCanBeUsedAgain(api: WireAPI) async throws {
        let (transport, hasEnded) = answer(api) {}
        var events = api.model(transport).respond(to: .hello).makeAsyncIterator()
        while let event = try await events.next() {
            if case .completed = event { #expect(hasEnded()) }
        }
    }

    @Test(arguments: WireAPI.allCases)
    func aServerThatKeepsTheStreamOpenIsNotWaitedForLong(api: WireAPI) async throws {
        let never = Gate()
        let (transport, _) = answer(api) { try? await never.wait() }
        #expect(try await api.model(transport).response(to: .hello)?.text == "Hello 🌍")
    }

    @Test(arguments: WireAPI.allCases, ["http://models.test/v1", "http://models.test/v1/", "http://models.test/v1//?api-version=2"])
    func thePathIsAddedToTheBaseURL(api: WireAPI, baseURL: String) async throws {
        let transport = FixtureTransport(.stream(api.stream))
        _ = try await api.model(transport, baseURL: baseURL).events(for: .hello)
        let path = api == .chat ? "chat/completions" : "responses"
        let query = baseURL.contains("?") ? "?api-version=2" : ""
        #expect(transport.requests.map(\.url) == ["http://models.test/v1/\(path)\(query)"])
        #expect(transport.requests.map(\.method) == ["POST"])
    }

    @Test(arguments: WireAPI.allCases)
    func r110_theKeyIsInTheAuthorizationFieldAndNowhereElse(api: WireAPI) async throws {
        let transport = FixtureTransport(.stream(api.stream), .stream(api.stream))
        _ = try await api.model(transport).events(for: .hello)
        let request = try #require(transport.requests.first)
        #expect(request.headers.values(for: "authorization") == ["Bearer sk-secret"])
        #expect(request.headers.fields.filter { $0.value.contains("sk-secret") }.count == 1)
        #expect(!String(decoding: request.body, as: UTF8.self).contains("sk-secret"))
        #expect(!request.url.contains("sk-secret"))
        _ = try await api.model(transport, key: nil).events(for: .hello)
        #expect(transport.requests.last?.headers["Authorization"] == nil)
        var described = ""
        dump(ModelEndpoint(baseURL: "http://models.test", apiKey: APIKey("sk-secret")), to: &described)
        #expect(!described.contains("sk-secret"))
        #expect(!"\(APIKey("sk-secret"))".contains("sk-secret"))
    }

    @Test(arguments: WireAPI.allCases)
    func r110_anErrorStatusTellsTheProvidersReasonWithoutTheKey(api: WireAPI) async throws {
        let body: JSONValue = ["error": ["message": "Key sk-secret is wrong.\u{1B}[31m", "type": "invalid_request_error", "code": nil]]
        let headers: TransportHeaders = ["Retry-After": "7", "x-should-retry": "false"]
        let transport = FixtureTransport(.json(body, status: 401, headers: headers))
        await #expect(throws: ModelError.http(status: 401, message: "Key [key] is wrong. [31m", retryAfter: .seconds(7), shouldRetry: false)) {
            _ = try await api.model(transport).events(for: .hello)
        }
    }

    @Test(arguments: ["<html>busy</html>", "", "{\"error\":", String(repeating: "x", count: 200_000), "[1]", "null"])
    func anErrorStatusWithAnyBodyIsThatStatus(body: String) async throws {
        let response = TransportResponse(status: 503, body: TransportBody([Array(body.utf8)], failure: .connectionLost("cut")))
        let transport = FixtureTransport(.response(response))
        await #expect(throws: ModelError.http(status: 503, message: "It gave no reason.", retryAfter: nil)) {
            _ = try await WireAPI.chat.model(transport).events(for: .hello)
        }
    }

    @Test(arguments: WireAPI.allCases, ["text/html; charset=utf-8", "text/event-stream", "application/json"])
    func r106_aWebPageIsNotAnAnswer(api: WireAPI, contentType: String) async throws {
        let page = TransportBody([Array("<html><body>Sign in</body></html>\n\n".utf8)])
        let transport = FixtureTransport(.response(TransportResponse(status: 200, headers: ["Content-Type": contentType], body: page)))
        await #expect { _ = try await api.model(transport).events(for: .hello) } throws: { error in
            if case ModelError.malformed = error { true } else { false }
        }
    }

    @Test(arguments: WireAPI.allCases)
    func r106_anAnswerWithoutEndIsLeft(api: WireAPI) async throws {
        let line = Array("data: {\"type\":\"response.in_progress\",\"pad\":\"\(String(repeating: "x", count: 100_000))\"}\n\n".utf8)
        let given = Mutex(0)
        let endless = TransportBody(
            next: {
                given.withLock { $0 += line.count }
                return .success(line)
            }, cancel: {})
        let transport = FixtureTransport(.response(TransportResponse(status: 200, headers: ["Content-Type": "text/event-stream"], body: endless)))
        await #expect(throws: ModelError.malformed("it is longer than 16777216 bytes")) { _ = try await api.model(transport).events(for: .hello) }
        #expect(given.withLock { $0 } < 17_000_000)
    }

    @Test(arguments: WireAPI.allCases)
    func r106_anEventWithoutEndIsLeft(api: WireAPI) async throws {
        let piece = [UInt8](repeating: UInt8(ascii: "x"), count: 100_000)
        let pieces = [Array("data: ".utf8)] + Array(repeating: piece, count: 60)
        await #expect(throws: ModelError.malformed("one event is longer than 4194304 bytes")) {
            _ = try await api.model(FixtureTransport(.stream(pieces))).events(for: .hello)
        }
    }

    @Test(arguments: WireAPI.allCases, ["data: {\"a\":\n\n", "data: null\n\n", "data: [1]\n\n", "data: \u{0}\n\n", "data: {\"choices\":7}\n\n"])
    func r106_brokenEventsAreAFault(api: WireAPI, events: String) async throws {
        await #expect { _ = try await api.model(FixtureTransport(.stream(events))).events(for: .hello) } throws: { error in
            if case ModelError.malformed = error { true } else { false }
        }
    }

    @Test(arguments: WireAPI.allCases)
    func anErrorInTheStreamIsTheProviders(api: WireAPI) async throws {
        let busy = "data: {\"error\":{\"code\":429,\"message\":\"Slow down\"}}\n\n"
        await #expect(throws: ModelError.http(status: 429, message: "Slow down", retryAfter: nil)) {
            _ = try await api.model(FixtureTransport(.stream(busy))).events(for: .hello)
        }
        let begun = String(api.stream.prefix { $0 != "🌍" })
        let started = begun[..<(begun.lastIndex(of: "\n") ?? begun.endIndex)] + "\n"
        await #expect(throws: ModelError.failed(code: "429", message: "Slow down")) {
            _ = try await api.model(FixtureTransport(.stream(started + busy))).events(for: .hello)
        }
    }

    @Test(arguments: WireAPI.allCases)
    func aCancelledRequestIsACancellation(api: WireAPI) async throws {
        let gate = Gate()
        let asked = Gate()
        let transport = FixtureTransport(
            .respond { _ in
                asked.open()
                do { try await gate.wait() } catch { throw TransportError.cancelled }
                throw TransportError.couldNotConnect
            })
        let task = Task { try await api.model(transport).events(for: .hello) }
        try await asked.wait()
        task.cancel()
        await #expect(throws: CancellationError.self) { _ = try await task.value }
    }
}
