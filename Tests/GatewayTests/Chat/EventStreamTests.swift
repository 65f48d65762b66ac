import AgentRuntime
import AgentTesting
import DatabaseFixtures
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import NIOCore
import Persistence
import Testing

@testable import Gateway

/// The stream of a run's events, as a browser reads it.
@Suite(.timeLimit(.minutes(5))) struct EventStreamTests {
    private static let nasty = [
        "\n\ndata: {\"type\":\"done\"}\n\n", "\r\revent: x\r\r", "\r\n\r\nid: 9\r\n\r\n", "a\u{2028}b\u{2029}c\u{85}d", "\0", "id: 9\n", ":\n",
        "\u{FEFF}",
        "e\u{301}", "🌍\u{200D}", "\\\"\u{1B}[2J", "</script>",
    ]

    @Test(arguments: Driver.all) func r080_noTextBeginsAnEventAndAllOfItComesThrough(on driver: Driver) async throws {
        let text = Self.nasty.joined()
        let model = ScriptedModel(.stream(Self.nasty.map { ModelEvent.textDelta($0) } + [.completed(.said(text))]))
        try await withChat(on: driver, model) { _, browser in
            let answer = try await browser.send(.post, "/api/chat", ["message": "Hi"])
            let live = ReferenceStream(answer.text)
            #expect(live.types == ["start"] + Self.nasty.map { _ in "delta" } + ["done"])
            #expect(live.ids == live.ids.sorted() && Set(live.ids).count == live.ids.count)
            #expect(live.text.map { Array($0.utf8) } == Array(text.utf8))
            let run = answer.events.first?["run_id"]?.string ?? ""
            let stored = ReferenceStream(try await browser.send(.get, "/api/runs/\(run)/events").text)
            #expect(stored.text.map { Array($0.utf8) } == Array(text.utf8))
            #expect(stored.types.last == "done")
        }
    }

    @Test func r081_aSilentStreamSaysThatItIsThere() async throws {
        let clock = ManualClock()
        let gate = Gate()
        let model = PausingModel(says: "Hm", until: gate)
        try await withChat(model, limits: ChatLimits(runTime: .seconds(120)), clock: clock) { fixture, browser in
            let user = try #require(try await fixture.gateway.users.account("ada@example.org")).user
            let run = try await fixture.service.accept(ChatMessage(text: "Hi"), from: user)
            let stream = EventStream(run: run, service: fixture.service, owner: user.id, session: "s", after: 0)
            let response = stream.response()
            #expect(response.headers[.contentType] == "text/event-stream")
            #expect(response.headers[.cacheControl] == "no-store")
            #expect(response.headers[.accelBuffering] == "no")
            let (written, writer) = AsyncStream<String>.makeStream()
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await response.body.write(ToldWriter(told: writer)) }
                var pieces = written.makeAsyncIterator()
                try await model.hasSpoken.wait()
                var text = ""
                while !text.contains("delta") { text += await pieces.next() ?? "" }
                for _ in 1...4 {
                    // The supervisor's heartbeat and the run's own limit.
                    await clock.untilSleeping(2)
                    clock.advance(by: .seconds(15))
                    var piece = await pieces.next()
                    while piece?.hasPrefix(":") == false { piece = await pieces.next() }
                    #expect(piece?.hasPrefix(":") == true)
                }
                gate.open()
                while let piece = await pieces.next(), !piece.contains("event: done") {}
                try await group.waitForAll()
            }
        }
    }

    /// R-068: what a reader who does not read holds is one write.
    @Test func r068_aLongLogIsWrittenInPieces() async throws {
        try await withChat(ScriptedModel()) { fixture, _ in
            let text = String(repeating: "x", count: 3_000)
            let records = (1...1_000).map { RunRecord(id: Int64($0), event: .delta(text)) } + [RunRecord(id: 1_001, event: .stopped)]
            let live = LiveRun(id: "r", conversation: "c", owner: "u", attempt: 0, records: records)
            live.end()
            let response = EventStream(run: .live(live), service: fixture.service, owner: "u", session: "s", after: 0).response()
            let (written, writer) = AsyncStream<String>.makeStream()
            try await response.body.write(ToldWriter(told: writer))
            let pieces = await written.reduce(into: [String]()) { $0.append($1) }
            #expect(pieces.allSatisfy { $0.utf8.count < 65_536 + 4_096 })
            let stream = ReferenceStream(pieces.joined())
            #expect(stream.ids == Array(1...1_001))
            #expect(stream.text?.utf8.count == 3_000_000)
        }
    }

    private static let twins = [
        Item.FunctionCall(callID: "a", name: "x", arguments: "{}"), Item.FunctionCall(callID: "a", name: "y", arguments: "{}"),
    ]

    private static let faults: [(String, [ScriptedModel.Step])] = [
        ("busy", [.error(ModelError.http(status: 429, message: "", retryAfter: nil))]),
        ("down", [.error(ModelError.http(status: 503, message: "", retryAfter: nil))]),
        ("refused connection", [.error(ModelError.transport(.couldNotConnect))]),
        ("open circuit", [.error(ModelError.circuitOpen)]),
        ("silence", [.error(ModelError.transport(.firstByteTimedOut))]),
        ("broken off", [.stream([.textDelta("Half")], error: ModelError.interrupted(.connectionLost("")))]),
        ("broken off after a call", [.call("list_todos"), .stream([.textDelta("Half")], error: ModelError.malformed(""))]),
        ("filtered", [.error(ModelError.contentFiltered)]), ("cut off", [.error(ModelError.lengthLimitReached)]),
        ("failed", [.error(ModelError.failed(code: nil, message: ""))]), ("nothing", [.stream([])]),
        ("cancelled", [.error(CancellationError())]), ("two calls under one id", [.calls(twins)]),
        ("too many turns", (0..<12).map { .call("list_todos", #"{"limit":\#($0 + 1)}"#, id: "c\($0)") }),
        ("the same again and again", (0..<6).map { .call("list_todos", "{}", id: "c\($0)") }),
        ("too much text", [.text(String(repeating: "x", count: 70_000))]), ("all is well", [.text("Hi")]),
    ]

    @Test(arguments: Driver.all) func r082_everyRunEndsOnceAndNothingFollows(on driver: Driver) async throws {
        for (name, steps) in Self.faults {
            try await withChat(on: driver, ScriptedModel(steps)) { _, browser in
                let events = try await browser.chat("Hi")
                #expect(events.types.filter { ["done", "error", "stopped"].contains($0) }.count == 1, "\(name): \(events.types)")
                #expect(["done", "error", "stopped"].contains(events.types.last), "\(name)")
                let run = events.first?["run_id"]?.string ?? ""
                let again = try await browser.send(.get, "/api/runs/\(run)/events").events
                #expect(again.types.last == events.types.last && again.last == events.last, "\(name)")
                let conversation = events.first?["conversation_id"]?.string ?? ""
                let shown = try await browser.send(.get, "/api/conversations/\(conversation)").json
                #expect(shown["active_run"] == nil, "\(name)")
            }
        }
    }
}

/// A stream as the specification reads it, byte by byte: https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation
private struct ReferenceStream {
    private(set) var events: [(id: String, type: String, data: String)] = []

    init(_ text: String) {
        var lines: [[UInt8]] = [[]]
        var last: UInt8 = 0
        for byte in text.utf8 {
            switch byte {
            case 0x0A where last == 0x0D: break
            case 0x0A, 0x0D: lines.append([])
            default: lines[lines.count - 1].append(byte)
            }
            last = byte
        }
        var (id, type, data) = ("", "", [String]())
        for line in lines {
            if line.isEmpty {
                if !data.isEmpty { events.append((id, type, data.joined(separator: "\n"))) }
                (type, data) = ("", [])
                continue
            }
            let colon = line.firstIndex(of: 0x3A) ?? line.endIndex
            var value = line[colon...].dropFirst()
            if value.first == 0x20 { value = value.dropFirst() }
            let text = String(decoding: value, as: UTF8.self)
            switch String(decoding: line[..<colon], as: UTF8.self) {
            case "id": id = text
            case "event": type = text
            case "data": data.append(text)
            default: break
            }
        }
    }

    var types: [String] { events.map(\.type) }
    var ids: [Int] { events.compactMap { Int($0.id) } }

    /// What was streamed as text; nil when an event's data is not JSON of its type.
    var text: String? {
        var text = ""
        for event in events {
            guard let json = try? JSONValue(json: event.data), json["type"]?.string == event.type else { return nil }
            if event.type == "delta" { text += json["delta"]?.string ?? "" }
        }
        return text
    }
}

/// Tells of everything that is written.
private struct ToldWriter: ResponseBodyWriter {
    let told: AsyncStream<String>.Continuation

    mutating func write(_ buffer: ByteBuffer) async throws {
        told.yield(String(buffer: buffer))
    }

    consuming func finish(_ trailingHeaders: HTTPFields?) async throws {
        told.finish()
    }
}
