import AgentRuntime
import AgentTesting
import Testing

/// agents-sdk, tracing: what OpenAI's dashboard is sent, and how often it is asked to take it.
@Suite(.timeLimit(.minutes(5))) struct OpenAITraceExporterTests {
    private let trace = AgentRuntime.Trace(id: "trace_1", workflowName: "W")
    private let clock = ManualClock()

    private func exporter(
        _ transport: any Transport,
        endpoint: String = OpenAITraceExporter.officialEndpoint,
        organization: String? = nil,
        project: String? = nil
    ) -> OpenAITraceExporter {
        OpenAITraceExporter(
            apiKey: APIKey("sk-1"), organization: organization, project: project, endpoint: endpoint, transport: transport, clock: clock,
            generator: SeededGenerator(seed: 1))
    }

    private func span(_ data: SpanData) -> TraceItem {
        .span(AgentRuntime.Span(id: "span_1", trace: trace, startedAt: 0, endedAt: 1_000, data: data))
    }

    /// What OpenAI's endpoint, or another one, gets of a span's data.
    private func sent(_ data: SpanData, to endpoint: String = OpenAITraceExporter.officialEndpoint) async throws -> JSONValue {
        let transport = FixtureTransport(.json([:], status: 204))
        try await exporter(transport, endpoint: endpoint).export([span(data)])
        return try #require(transport.requests.first?.json["data"]?.array?.first?["span_data"])
    }

    @Test func c232_aBatchIsOneRequest() async throws {
        let transport = FixtureTransport(.json([:], status: 204))
        let items: [TraceItem] = [.trace(trace), .custom("a")]
        try await exporter(transport, organization: "org", project: "proj").export(items)
        try await exporter(transport).export([])
        #expect(transport.requests.count == 1)
        let request = try #require(transport.requests.first)
        #expect(request.url == "https://api.openai.com/v1/traces/ingest")
        #expect(request.method == "POST")
        #expect(request.json == ["data": .array(items.map(\.json))])
        #expect(
            request.headers.fields.map { "\($0.name): \($0.value)" } == [
                "Authorization: Bearer sk-1", "Content-Type: application/json", "OpenAI-Beta: traces=v1", "OpenAI-Organization: org",
                "OpenAI-Project: proj",
            ])
        #expect(request.deadlines.total == .seconds(60))
    }

    @Test(arguments: [400, 401, 403, 404, 422]) func c232_aRefusalIsFinal(status: Int) async throws {
        let transport = FixtureTransport(.json([:], status: status))
        await #expect(throws: TraceExportError.refused(status: status)) { try await exporter(transport).export([.custom("a")]) }
        #expect(transport.requests.count == 1)
    }

    @Test(arguments: [302, 408, 409, 429, 500, 503]) func c232_aPassingFailureIsTriedThreeTimes(status: Int) async throws {
        let transport = FixtureTransport(Array(repeating: .json([:], status: status), count: 3))
        async let result = Result<Void, any Error> { try await exporter(transport).export([.custom("a")]) }
        for pause in [1, 2] {
            await clock.untilSleeping()
            clock.advance(by: .seconds(pause))
        }
        let outcome = await result
        #expect(throws: TraceExportError.refused(status: status)) { try outcome.get() }
        #expect(transport.requests.count == 3)
        let pauses: [ClosedRange<Duration>] = [.milliseconds(750)...(.seconds(1)), .milliseconds(1_500)...(.seconds(2))]
        #expect(clock.sleeps.count == 2)
        #expect(zip(pauses, clock.sleeps).allSatisfy { $0.contains($1) })
    }

    @Test func c232_aLostConnectionIsTriedAgainAndAnAddressThatCannotBeIsNot() async throws {
        let transport = FixtureTransport(.failure(.connectionLost("x")), .failure(.firstByteTimedOut), .json([:]))
        async let result: Void = exporter(transport).export([.custom("a")])
        for pause in [1, 2] {
            await clock.untilSleeping()
            clock.advance(by: .seconds(pause))
        }
        try await result
        #expect(transport.requests.count == 3)
        let refused = FixtureTransport(.failure(.refusedURL("x")))
        await #expect(throws: TraceExportError.unreachable(.refusedURL("x"))) { try await exporter(refused).export([.custom("a")]) }
        #expect(refused.requests.count == 1)
    }

    @Test(arguments: [("10", 10), ("120", 30)]) func c232_theServersOwnPauseIsKeptUpToHalfAMinute(asked: String, pause: Int) async throws {
        let transport = FixtureTransport(.json([:], status: 429, headers: ["Retry-After": asked]), .json([:]))
        async let result: Void = exporter(transport).export([.custom("a")])
        await clock.untilSleeping()
        #expect(clock.sleeps == [.seconds(pause)])
        clock.advance(by: .seconds(pause))
        try await result
        #expect(transport.requests.count == 2)
    }

    @Test func c232_aServerThatForbidsItIsNotAskedAgain() async throws {
        let transport = FixtureTransport(.json([:], status: 500, headers: ["x-should-retry": "false"]))
        await #expect(throws: TraceExportError.refused(status: 500)) { try await exporter(transport).export([.custom("a")]) }
        #expect(transport.requests.count == 1)
    }

    @Test func c232_aCancelledExportEndsInItsPause() async throws {
        let transport = FixtureTransport(.json([:], status: 500))
        let result = await withTaskGroup(of: Result<Void, any Error>.self) { group in
            group.addTask { await Result { try await exporter(transport).export([.custom("a")]) } }
            await clock.untilSleeping()
            group.cancelAll()
            return await group.next()
        }
        #expect(throws: CancellationError.self) { try result?.get() }
    }

    @Test(arguments: ["x", "é", "😀", "\"", "\u{1}"]) func c233_aLargeTextIsCutForTheOfficialEndpointOnly(letter: String) async throws {
        let text = String(repeating: letter, count: 150_000)
        let data = SpanData.function(SpanData.FunctionCall(name: "f", callID: "c", input: text, output: "short"))
        for endpoint in [OpenAITraceExporter.officialEndpoint, OpenAITraceExporter.officialEndpoint + "/"] {
            let json = try await sent(data, to: endpoint)
            let cut = try #require(json["input"]?.string)
            #expect((99_990...100_000).contains(JSONValue.string(cut).bytes.count))
            #expect(cut.hasSuffix("... [truncated]"))
            #expect(text.hasPrefix(cut.dropLast(15)))
            #expect(json["output"] == "short")
        }
        let whole = try await sent(data, to: "https://traces.example.com/ingest")
        #expect(whole["input"]?.string == text)
    }

    @Test func c233_aFieldThatFitsStaysAsItIs() async throws {
        let text = String(repeating: "x", count: 99_998)
        let json = try await sent(.function(SpanData.FunctionCall(name: "f", callID: "c", input: text, output: text + "x")))
        #expect(json["input"]?.string == text)
        #expect(json["output"]?.string?.utf8.count == 99_998)
    }

    @Test func c233_theLargestPartsOfAConversationGiveWayFirst() async throws {
        let huge = String(repeating: "y", count: 90_000)
        let input: [Item] = [.user("first"), .user(huge), .assistant("second"), .user(huge + huge), .user("last")]
        let json = try await sent(.generation(SpanData.Generation(model: "m", input: input)))
        let items = try #require(json["input"]?.array)
        try #require(items.count == 5)
        #expect(items[0] == Item.user("first").json && items[2] == Item.assistant("second").json && items[4] == Item.user("last").json)
        #expect(items[1] == Item.user(huge).json)
        #expect(items[3]["content"]?.string?.hasSuffix("... [truncated]") == true)
        #expect(JSONValue.array(items).bytes.count == 100_000)
    }

    @Test func c233_partsThatCannotBeShortenedGo() async throws {
        let small: [Item] = (0..<3_000).map { .other(["n": .integer($0), "p": .string(String(repeating: "z", count: 40))]) }
        let json = try await sent(.generation(SpanData.Generation(model: "m", input: small)))
        let items = try #require(json["input"]?.array)
        #expect((90_000...100_000).contains(JSONValue.array(items).bytes.count))
        let numbers = items.compactMap { $0["n"]?.integer }
        #expect(numbers == numbers.sorted())
        let object = Item.other(.object(Dictionary(uniqueKeysWithValues: (0..<10_000).map { ("key\($0)", .integer($0)) })))
        let cut = try await sent(.generation(SpanData.Generation(model: "m", input: [object])))["input"]
        #expect((99_900...100_000).contains(cut?.bytes.count ?? 0))
    }

    @Test func c233_usageIsInTheFormOfTheEndpoint() async throws {
        let usage = Usage(requests: 1, inputTokens: 2, outputTokens: 3, cachedTokens: 1, cacheWriteTokens: 1, reasoningTokens: 1)
        let generation = SpanData.Generation(model: "m", usage: usage, responseID: "resp_1")
        let json = try await sent(.generation(generation))
        #expect(
            json["usage"] == [
                "input_tokens": 2, "output_tokens": 3,
                "details": [
                    "requests": 1, "total_tokens": 5, "input_tokens_details": ["cached_tokens": 1, "cache_write_tokens": 1],
                    "output_tokens_details": ["reasoning_tokens": 1],
                ],
            ])
        let response = try await sent(.response(generation))
        #expect(response == ["type": "response", "response_id": "resp_1"])
        let elsewhere = try await sent(.response(generation), to: "http://127.0.0.1/ingest")
        #expect(elsewhere["usage"]?["total_tokens"] == 5)
    }

    @Test func c233_reasoningStaysHere() async throws {
        let items: [Item] = [
            .user("Hi"), .other(["type": "reasoning", "id": "rs_1", "summary": []]),
            .other(["role": "assistant", "content": [["type": "thinking", "thinking": "hm"], ["type": "text", "text": "Yo"]], "reasoning": "hm"]),
            .other(["role": "user", "content": "x", "reasoning": "kept"]),
        ]
        let json = try await sent(.generation(SpanData.Generation(model: "m", input: items, output: items)))
        let expected: JSONValue = [
            Item.user("Hi").json, ["role": "assistant", "content": [["type": "text", "text": "Yo"]]],
            ["role": "user", "content": "x", "reasoning": "kept"],
        ]
        #expect(json["input"] == expected)
        #expect(json["output"] == expected)
        let elsewhere = try await sent(.generation(SpanData.Generation(model: "m", input: items)), to: "http://127.0.0.1/ingest")
        #expect(elsewhere["input"]?.array?.count == 4)
    }
}
