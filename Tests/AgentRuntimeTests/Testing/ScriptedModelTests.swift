import AgentRuntime
import AgentTesting
import Testing

/// agents-sdk, the model that plays a script.
struct ScriptedModelTests {
    private struct Broken: Error {}

    @Test func z254_whatWasAskedStaysAsItWas() async throws {
        let model = ScriptedModel(.text("One"), .text("Two"))
        var request = ModelRequest.hello
        _ = try await model.response(to: request)
        request.input.append(.user("More"))
        request.instructions = nil
        _ = try await model.response(to: request)
        #expect(model.requests == [.hello, request])
    }

    @Test func z254_aScriptThatWasPlayedIsComplete() async throws {
        let model = ScriptedModel(.text("One"), .error(Broken()))
        #expect(throws: ScriptError.unplayed(steps: 2)) { try model.assertComplete() }
        _ = try await model.response(to: .hello)
        #expect(throws: ScriptError.unplayed(steps: 1)) { try model.assertComplete() }
        await #expect(throws: Broken.self) { _ = try await model.response(to: .hello) }
        #expect(throws: Never.self) { try model.assertComplete() }
        let exhausted = ScriptError.exhausted(steps: 2, lastItem: .user("Hi"))
        await #expect(throws: exhausted) { _ = try await model.response(to: .hello) }
        #expect(throws: exhausted) { try model.assertComplete() }
        #expect(exhausted.description.hasPrefix("The script has 2 steps and the model was asked once more; the last item was {"))
        #expect(ScriptError.unplayed(steps: 2).description == "The model was not asked for the last 2 steps of its script.")
    }

    @Test func z254_stepsCanBeAddedToAScript() async throws {
        let model = ScriptedModel(.text("One"))
        _ = try await model.response(to: .hello)
        try model.enqueue(.text("Two"), .text("Three"))
        #expect(model.remainingSteps == 2)
        #expect(try await model.response(to: .hello)?.text == "Two")
        #expect(try await model.response(to: .hello)?.text == "Three")
        #expect(throws: Never.self) { try model.assertComplete() }
    }

    @Test(arguments: [
        (ScriptedModel.Step.calls([]), "it has no calls."),
        (.stream([.completed(.said("One")), .textDelta("Two")]), "nothing is pulled behind the whole response."),
        (.stream([.completed(.said("One"))], error: Broken()), "nothing is pulled behind the whole response."),
    ])
    func z254_aStepThatCanNeverBePlayedIsFoundWhenItIsAdded(step: ScriptedModel.Step, reason: String) async throws {
        let model = ScriptedModel(.text("One"))
        #expect(throws: ScriptError.unplayable(step: 3, reason: reason)) { try model.enqueue(.text("Two"), step) }
        #expect(model.remainingSteps == 1)
        let wrong = ScriptedModel(step, .text("One"))
        let mistake = ScriptError.unplayable(step: 1, reason: reason)
        for _ in 0..<2 { await #expect(throws: mistake) { _ = try await wrong.response(to: .hello) } }
        #expect(throws: mistake) { try wrong.assertComplete() }
        #expect(mistake.description == "Step 1 of the script cannot be played: \(reason)")
    }

    @Test func z254_aStreamIsPlayedExactly() async throws {
        let events: [ModelEvent] = [.reasoningDelta("Hm"), .textDelta(""), .textDelta("One"), .completed(.said("Two"))]
        #expect(try await ScriptedModel(.stream(events)).events(for: .hello) == events)
        #expect(try await ScriptedModel(.stream(events)).events(for: .helloAtOnce) == events)
        var seen: [ModelEvent] = []
        await #expect(throws: Broken.self) {
            for try await event in ScriptedModel(.stream(Array(events.prefix(2)), error: Broken())).respond(to: .hello) { seen.append(event) }
        }
        #expect(seen == Array(events.prefix(2)))
        #expect(try await ScriptedModel(.stream([.textDelta("One")])).events(for: .hello) == [.textDelta("One")])
    }

    @Test func aTextComesInPiecesWhenItIsStreamed() async throws {
        #expect(try await ScriptedModel(.text("One two")).events(for: .hello).dropLast() == [.textDelta("One"), .textDelta(" two")])
        #expect(try await ScriptedModel([.text("One")], pieceLength: 2).events(for: .hello).dropLast() == [.textDelta("On"), .textDelta("e")])
        #expect(try await ScriptedModel(.text("One two")).events(for: .helloAtOnce).count == 1)
    }
}
