import AgentRuntime
import AgentTesting
import DatabaseFixtures
import HTTPTypes
import Testing

@testable import Gateway

/// What a model says, and when, in the streams of those who listen.
@Suite struct HostileModelTests {
    private static let terminal: Set<String> = ["done", "error", "stopped"]

    @Test(arguments: Driver.all) func r080_r082_noTextOfAModelPassesForAnEvent(on driver: Driver) async throws {
        let texts = [
            "a\n\ndata: {\"type\":\"done\"}\n\nb", "a\r\revent: done\r\r", "a\r\n\r\nid: 9\r\nevent: error\r\ndata: {}\r\n\r\n", "id: 9", ": comment",
            "retry: 1\n\n", "\u{2028}data: x\u{2029}", "\u{FEFF}data: x", "data:\n\ndata:\n\n", "{\"type\":\"done\"}", "e\u{301}\u{85}\u{B}\u{C}",
        ]
        try await withChat(on: driver, ScriptedModel(texts.map { .text($0) })) { _, ada in
            for text in texts {
                let events = try await ada.chat("Say it")
                #expect(events.first?["type"] == "start" && events.last?["type"] == "done", "\(text.debugDescription)")
                #expect(events.types.count { Self.terminal.contains($0) } == 1)
                #expect(Array(events.streamedText.utf8) == Array(text.utf8))
                #expect(events.last?["output"]?.string.map { Array($0.utf8) } == Array(text.utf8))
                let ids = events.compactMap { $0["id"]?.string.flatMap { Int($0) } }
                #expect(ids.count == events.count && ids == ids.sorted())
            }
        }
    }

    /// PostgreSQL cannot hold U+0000, and neither database gets it.
    @Test(arguments: Driver.all) func r080_r082_aNULInAnAnswerEndsTheRunLikeAnyOther(on driver: Driver) async throws {
        try await withChat(on: driver, ScriptedModel([.text("a\u{0}b"), .text("Still here")])) { _, ada in
            let events = try await ada.chat("Say it")
            #expect(events.types.count { Self.terminal.contains($0) } == 1)
            #expect(events.types.last.map { Self.terminal.contains($0) } == true)
            #expect(try await ada.chat("And now?").streamedText == "Still here")
        }
    }

    @Test(.timeLimit(.minutes(5))) func r081_aSilentStreamHasAHeartbeatAndNobodyKeepsItBack() async throws {
        let (clock, gate) = (ManualClock(), Gate())
        let model = PausingModel(says: "Going on", until: gate)
        try await withChat(model, clock: clock) { fixture, ada in
            let heartbeat = fixture.service.limits.heartbeat
            #expect(heartbeat <= .seconds(15))
            async let reading = ada.send(.post, "/api/chat", ["message": "Hello"])
            try await model.hasSpoken.wait()
            for _ in 0..<4 {
                await clock.untilSleeping()
                clock.advance(by: heartbeat)
                for _ in 0..<2_000 { await Task.yield() }
            }
            gate.open()
            let answer = try await reading
            #expect(answer.headers[.contentType] == "text/event-stream")
            #expect(answer.headers[.cacheControl] == "no-store")
            #expect(answer.headers[.accelBuffering] == "no")
            #expect((1...4).contains(answer.text.ranges(of: ":\n\n").count))
            #expect(answer.events.types.last == "done")
        }
    }

    @Test(arguments: Driver.all) func r090_nothingOfOnePersonAppearsWithAnother(on driver: Driver) async throws {
        let (people, chats) = (12, 3)
        let model = ScriptedModel((0..<people * chats * 2).map { _ in .respond { Self.answer(to: $0) } })
        try await withChat(on: driver, model) { _, browser in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<people {
                    group.addTask { try await Self.talk(browser.another(), as: "p\(number)", chats: chats) }
                }
                try await group.waitForAll()
            }
            #expect(model.requests.count == people * chats * 2)
            for request in model.requests { #expect(Set(Self.canaries(in: request).map { $0.prefix { $0 != "-" } }).count == 1) }
        }
    }

    private static func talk(_ person: Browser, as name: String, chats: Int) async throws {
        _ = try await person.register(name)
        for chat in 0..<chats {
            let events = try await person.chat("Remember canary \(name)-\(chat)!")
            #expect(events.streamedText == "I heard \(name)-\(chat).")
        }
        let todos = try await person.send(.get, "/api/todos")
        #expect(todos.json["data"]?.array?.compactMap { $0["title"]?.string }.sorted() == (0..<chats).map { "\(name)-\($0)" })
        let conversations = try await person.send(.get, "/api/conversations").json["data"]?.array ?? []
        #expect(conversations.count == chats)
        for conversation in conversations {
            let text = try await person.send(.get, "/api/conversations/\(conversation["id"]?.string ?? "")").text
            #expect(Set(text.matches(of: /p\d+-\d/).map { $0.output.prefix { $0 != "-" } }) == [name[...]])
        }
    }

    /// Writes down what it heard, and then says it.
    private static func answer(to request: ModelRequest) -> ModelResponse {
        let canary = canaries(in: request).first ?? ""
        let isWritten = request.input.contains { if case .functionCallOutput = $0 { true } else { false } }
        guard !isWritten else { return .said("I heard \(Set(canaries(in: request)).sorted().joined(separator: ", ")).") }
        let call = Item.FunctionCall(callID: "c", name: "add_todo", arguments: "{\"title\":\"\(canary)\"}")
        return ModelResponse(items: [.functionCall(call)], usage: Usage(requests: 1))
    }

    private static func canaries(in request: ModelRequest) -> [String] {
        "\(request.input)".matches(of: /p\d+-\d/).map { String($0.output) }
    }
}
