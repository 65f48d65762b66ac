import AgentRuntime
import Testing

@testable import Tools

@Suite struct OfflineModelTests {
    private func events(_ request: ModelRequest) async throws -> [ModelEvent] {
        var events: [ModelEvent] = []
        for try await event in OfflineModel().respond(to: request) { events.append(event) }
        return events
    }

    @Test func streamsTheAnswerWordByWord() async throws {
        let events = try await events(ModelRequest(input: [.user("hi")]))
        let deltas = events.compactMap { if case .textDelta(let text) = $0 { text } else { nil } }
        guard case .completed(let response)? = events.last else {
            Issue.record("the last event is the response")
            return
        }
        #expect(deltas.count > 5)
        #expect(deltas.joined() == response.text)
        #expect(deltas.count == events.count - 1)
    }

    @Test func withoutStreamingThereIsOneEvent() async throws {
        #expect(try await events(ModelRequest(input: [.user("hi")], isStreamed: false)).count == 1)
    }

    @Test func callsHaveIdsOfTheirOwn() {
        var chat = OfflineChat()
        chat.say("add milk and eggs")
        chat.say("done with milk")
        let ids = chat.items.compactMap { if case .functionCall(let call) = $0 { call.callID } else { nil } }
        #expect(ids.count == 4)
        #expect(Set(ids).count == ids.count)
    }

    @Test func equalRequestsGiveEqualResponses() {
        var chat = OfflineChat("milk")
        chat.say("done with milk")
        #expect(OfflineResponse.response(to: chat.request) == OfflineResponse.response(to: chat.request))
    }

    @Test func countsTokensRoughly() {
        let response = OfflineResponse.response(to: ModelRequest(instructions: "12345678", input: [.user("hi")]))
        #expect(response.usage.requests == 1)
        #expect(response.usage.inputTokens == 3)
        #expect(response.usage.outputTokens > 0)
        #expect(response.usage.totalTokens == response.usage.inputTokens + response.usage.outputTokens)
    }

    @Test func aConversationWithoutAMessageIsAnswered() {
        #expect(OfflineResponse.response(to: ModelRequest(input: [])).text?.isEmpty == false)
        #expect(OfflineResponse.response(to: ModelRequest(input: [.assistant("Hello")])).text?.isEmpty == false)
    }

    @Test func theDayComesFromItsOwnLine() {
        let instructions = "You are the assistant of Today is 1999-01-01.\nToday is 2026-12-02."
        #expect(OfflineConversation(ModelRequest(instructions: instructions, input: [])).today == Day("2026-12-02"))
    }

    @Test func callsOfAnotherModelDoNotConfuseIt() {
        let tools = OfflineChat.todoTools.map { ToolDefinition(name: $0, description: "", parameters: ["type": "object"]) }
        let input: [Item] = [.user("add milk"), .call("list_todos", "{}", id: "x"), .output("{}", of: "x")]
        let response = OfflineResponse.response(to: ModelRequest(input: input, tools: tools))
        #expect(response.text == "I could not add “milk”: the tool gave no answer.")
    }

    @Test func cancellationEndsTheStream() async {
        let task = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            _ = try await events(ModelRequest(input: [.user("hi")]))
        }
        await #expect(throws: CancellationError.self) { try await task.value }
    }
}
