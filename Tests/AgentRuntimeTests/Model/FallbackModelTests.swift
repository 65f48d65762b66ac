import AgentRuntime
import AgentTesting
import Testing

@Suite struct FallbackModelTests {
    private static let busy = ModelError.http(status: 503, message: "", retryAfter: nil)

    @Test(arguments: [
        busy, .http(status: 401, message: "", retryAfter: nil), .http(status: 404, message: "", retryAfter: nil), .transport(.couldNotConnect),
        .http(status: 500, message: "", retryAfter: nil, shouldRetry: false),
    ])
    func theNextModelIsAskedWhenOneCannotAnswer(error: ModelError) async throws {
        let (first, second, third) = (ScriptedModel(.error(error)), ScriptedModel(.error(error)), ScriptedModel(.text("Hi")))
        let events = try await FallbackModel(first, second, third).events(for: .hello)
        #expect(events.prefix(2) == [.retrying(after: error), .retrying(after: error)])
        #expect(events.dropFirst(2) == [.textDelta("Hi"), .completed(.said("Hi", usage: Usage(requests: 3)))])
        #expect(first.requests == [.hello])
        #expect(third.requests == [.hello])
    }

    @Test func aModelThatAnswersIsTheOnlyOneAsked() async throws {
        let second = ScriptedModel(.text("No"))
        let model = FallbackModel(ScriptedModel([.text("Hi")], name: "first"), second)
        #expect(try await model.response(to: .hello)?.text == "Hi")
        #expect(second.requests.isEmpty)
        #expect(model.name == "first")
    }

    @Test(arguments: [
        ModelError.malformed(""), .contentFiltered, .http(status: 400, message: "", retryAfter: nil), .interrupted(.connectionLost("")),
    ])
    func otherFailuresAreTheAnswer(error: ModelError) async throws {
        let second = ScriptedModel(.text("Hi"))
        await #expect(throws: error) { _ = try await FallbackModel(ScriptedModel(.error(error)), second).events(for: .hello) }
        #expect(second.requests.isEmpty)
    }

    @Test func thePolicyDecides() async throws {
        let model = FallbackModel(ScriptedModel(.error(Self.busy)), ScriptedModel(.text("Hi")), when: .httpStatus([404]))
        await #expect(throws: Self.busy) { _ = try await model.events(for: .hello) }
    }

    @Test func anAnswerThatHasBegunIsNotLeft() async throws {
        let model = FallbackModel(ScriptedModel(.stream([.textDelta("H")], error: Self.busy)), ScriptedModel(.text("Hi")))
        await #expect(throws: Self.busy) { _ = try await model.events(for: .hello) }
    }

    @Test func theLastFailureIsTold() async throws {
        let last = ModelError.transport(.couldNotResolve)
        let model = FallbackModel(ScriptedModel(.error(Self.busy)), ScriptedModel(.error(last)))
        await #expect(throws: last) { _ = try await model.events(for: .hello) }
    }

    @Test func aConversationAtTheProviderStaysThere() async throws {
        let second = ScriptedModel(.text("Hi"))
        await #expect(throws: Self.busy) {
            _ = try await FallbackModel(ScriptedModel(.error(Self.busy)), second).events(for: ModelRequest(input: [], conversationID: "c"))
        }
        #expect(second.requests.isEmpty)
    }

    @Test func aCancelledRequestIsNotHandedOn() async throws {
        let gate = Gate()
        let second = ScriptedModel(.text("Hi"))
        let model = FallbackModel(
            ScriptedModel(
                .respond { _ in
                    try? await gate.wait()
                    throw Self.busy
                }), second)
        let task = Task { try await model.events(for: .hello) }
        task.cancel()
        await #expect(throws: Self.busy) { _ = try await task.value }
        #expect(second.requests.isEmpty)
    }
}
