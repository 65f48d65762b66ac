import AgentRuntime
import AgentTesting
import Synchronization
import Testing

/// Text that an output guardrail holds back reaches nobody before it has passed.
@Suite(.timeLimit(.minutes(5))) struct HoldBackTests {
    private func agent(_ holdBacks: HoldBack?..., blocking word: String = "secret", tools: [AnyTool<Void>] = [], trace: Trace = Trace()) -> Agent<
        Void
    > {
        var agent = Agent<Void>.stub(tools: tools)
        agent.outputGuardrails = holdBacks.enumerated().map { place, holdBack in
            OutputGuardrail("g\(place)", holdBack: holdBack) { output, _ in
                trace.note(output)
                return output.contains(word) ? "It says \(word)." : nil
            }
        }
        return agent
    }

    private func trip(_ name: String = "g0", turn: Int = 1) -> RunError {
        .outputGuardrailTripped(GuardrailVerdict(guardrail: name, isInput: false, isTripped: true, reason: "It says secret.", turn: turn))
    }

    @Test func whatPassesIsShownSentenceBySentenceAndLookedAtOnceAsAWhole() async throws {
        let trace = Trace()
        let run = try await inBothModes { mode in
            try await mode.run(agent(.sentence, trace: trace), model: [.text("Pi is 3.14. Really?\nYes")])
        }
        #expect(run.pieces == ["Pi is 3.14.", " Really?\n", "Yes"])
        #expect(run.pieces.joined() == "Pi is 3.14. Really?\nYes")
        #expect(run.output == "Pi is 3.14. Really?\nYes")
        #expect(trace.notes.filter { $0 == "Pi is 3.14. Really?\nYes" }.count == 2, "once a mode")
        #expect(trace.notes.first == "Pi is 3.14.")
    }

    @Test func aBlockedSentenceIsNeverShownAndEndsTheModelsAnswer() async throws {
        let run = await inBothModes(throwing: trip()) { mode in
            try await mode.run(agent(.sentence), model: [.text("All is well. The secret is 42. Bye.")], session: mode.session)
        }
        #expect(run.pieces == ["All is well."])
        #expect(run.session == [.user("Hi")])
    }

    @Test func untilDoneShowsNothingBeforeTheWholeAnswerHasPassed() async throws {
        let blocked = await inBothModes(throwing: trip()) { mode in
            try await mode.run(agent(.untilDone), model: [.text("All is well. The secret is 42.")])
        }
        #expect(blocked.pieces.isEmpty)
        let trace = Trace()
        let passed = try await inBothModes { mode in try await mode.run(agent(.untilDone, trace: trace), model: [.text("All is well.")]) }
        #expect(passed.pieces == ["All is well."])
        #expect(trace.notes == ["All is well.", "All is well."], "once a mode")
    }

    @Test func aNumberOfCodePointsGoesOutTogether() async throws {
        let trace = Trace()
        let run = try await inBothModes { mode in try await mode.run(agent(.characters(4), trace: trace), model: [.text("äöü1 äöü2 ä")]) }
        #expect(run.pieces == ["äöü1", " äöü", "2 ä"])
        #expect(trace.notes.prefix(3) == ["äöü1", "äöü1 äöü", "äöü1 äöü2 ä"])
    }

    @Test func theStrictestOfSeveralGuardrailsDecidesWhatIsShown() async throws {
        // The verdicts come in any order, so the logs of the two modes are not compared.
        for isStreamed in [true, false] {
            let (runner, _) = Runner.scripted(.text("One. Two. Three."), isStreamed: isStreamed)
            let reader = Reader()
            _ = try await runner.run(agent(.sentence, .untilDone, nil), input: "Hi", context: ()) { reader.read($0) }
            #expect(reader.events.filter { $0.type == "delta" } == (isStreamed ? [.delta("One. Two. Three.")] : []))
            #expect(Set(reader.events.sketches.filter { $0.hasPrefix("guardrail") }).count == 3)
        }
        let blocked = await inBothModes(throwing: trip("g1")) { mode in
            try await mode.run(agent(nil, .sentence), model: [.text("One. A secret. Three.")])
        }
        #expect(blocked.pieces == ["One."])
    }

    @Test func turnsBeforeABlockedOneStay() async throws {
        let run = await inBothModes(throwing: trip(turn: 2)) { mode in
            let agent = agent(.sentence, tools: [.stub("look")])
            let steps: [ScriptedModel.Step] = [
                .response(ModelResponse(items: [.assistant("Let me see."), .call("look", "{}", id: "a")])), .text("Found. A secret."),
            ]
            try await mode.run(agent, model: steps, session: mode.session)
        }
        #expect(run.pieces == ["Let me see.", "Found."])
        let kept: [Item] = [.user("Hi"), .assistant("Let me see."), .call("look", "{}", id: "a"), .output("done", of: "a")]
        #expect(run.session == kept)
        #expect(Transcript(of: run.shown).items == kept)
    }

    @Test func textBesideCallsIsHeldBackTooAndTheCallsAreNotMade() async throws {
        let run = await inBothModes(throwing: trip()) { mode in
            let step = ScriptedModel.Step.response(ModelResponse(items: [.assistant("A secret."), .call("add", "{}", id: "a")]))
            try await mode.run(agent(.sentence, tools: [mode.trace.tool("add", .writes)]), model: [step])
        }
        #expect(run.notes.isEmpty)
        #expect(run.pieces.isEmpty)
    }

    @Test func textThatWasNotStreamedAsItCameIsLookedAtInBothForms() async throws {
        let stream = ScriptedModel.Step.stream([.textDelta("Fine."), .completed(ModelResponse(items: [.assistant("A secret.")]))])
        let (runner, _) = Runner.scripted(stream)
        await #expect(throws: trip()) { try await runner.run(agent(.sentence), input: "Hi", context: ()) }
    }

    @Test func whatIsHeldBackCountsAsText() async throws {
        var (runner, _) = Runner.scripted(.stream(Array(repeating: .textDelta("abc"), count: 100)))
        runner.limits.text = 100
        await #expect(throws: RunError.limitReached("The answer grew over 100 bytes.")) {
            try await runner.run(agent(.untilDone), input: "Hi", context: ())
        }
    }

    @Test func aGuardrailThatFailsShowsNothing() async throws {
        struct Broken: Error {}
        let reader = Reader()
        var agent = Agent<Void>.stub()
        agent.outputGuardrails = [OutputGuardrail("g", holdBack: .sentence) { _, _ in throw Broken() }]
        let (runner, _) = Runner.scripted(.text("One. Two."))
        let broken = agent
        await #expect(throws: RunError.self) { try await runner.run(broken, input: "Hi", context: ()) { reader.read($0) } }
        #expect(!reader.events.contains { if case .delta = $0 { true } else { false } })
    }

    @Test(arguments: [
        ("One. Two", ["One."]), ("3.14 is pi", []), ("Is it? (Yes!) Good", ["Is it?", "Is it? (Yes!)"]), ("Line\nnext", ["Line\n"]),
        ("好。好", ["好。"]), ("e.g. this", ["e.g."]), ("\"No.\" he said", ["\"No.\""]), ("Wait… what", ["Wait…"]), ("a\r\nb", ["a\r\n"]),
    ])
    func sentencesEndWhereAReaderWouldSaySo(text: String, ends: [String]) async throws {
        let trace = Trace()
        let pieces = text.unicodeScalars.map { ModelEvent.textDelta(String($0)) }
        let (runner, _) = Runner.scripted(.stream(pieces + [.completed(ModelResponse(items: [.assistant(text)]))]))
        _ = try await runner.run(agent(.sentence, blocking: "never", trace: trace), input: "Hi", context: ())
        #expect(trace.notes == ends + (ends.last == text ? [] : [text]))
    }
}
