import AgentRuntime
import AgentTesting
import FoundationEssentials
import Testing

/// Runs within calls, as parts of the log of the run that makes the calls.
@Suite(.timeLimit(.minutes(5))) struct NestedRunTests {
    /// A model that answers from what it is asked, so that a run that goes on is answered like one that was never cut off.
    private static func model(_ answers: ModelResponse...) -> ScriptedModel {
        ScriptedModel(
            (0..<100).map { _ in
                .respond { request in
                    let outputs = request.input.filter { if case .functionCallOutput = $0 { true } else { false } }.count
                    return outputs < answers.count ? answers[outputs] : .said("What else?")
                }
            })
    }

    private static func call(_ name: String, _ arguments: String = "{}", id: String) -> ModelResponse {
        .calling(Item.FunctionCall(callID: id, name: name, arguments: arguments))
    }

    /// An agent as a tool, which reads and then deletes, the latter with a person's approval.
    private static func helper(_ trace: Trace) -> AnyTool<Void> {
        var delete = AnyTool<Void>.stub("delete", effect: .external) { arguments, run in
            trace.note("delete \(arguments) \(run.call?.text ?? "")")
            return "deleted"
        }
        delete.needsApproval = .always
        delete.policy.isIdempotent = true
        var read = AnyTool<Void>.stub("read", effect: .external) { _, run in
            trace.note("read \(run.call?.text ?? "")")
            return "read"
        }
        read.policy.isIdempotent = true
        var agent = Agent<Void>.stub("Helper", tools: [delete, read])
        agent.model = model(
            ModelResponse(items: [.assistant("Let me see"), .call("read", "{}", id: "r")], usage: Usage(requests: 1)), call("delete", id: "d"),
            .said("It is done"))
        var tool = agent.asTool(description: "Helps.") { _ in
            trace.note("output")
            return "It is done"
        }
        tool.inputGuardrails = [
            ToolInputGuardrail("outer") { call, _ in
                trace.note("guardrail \(call.callID)")
                return .allow
            }
        ]
        return tool
    }

    private static let twoCalls = ScriptedModel.Step.calls(("helper", #"{"input":"a"}"#), ("helper", #"{"input":"b"}"#))

    @Test func a181_a182_a191_n206_eachCallsQuestionsAreAskedApartAndAnsweredWithin() async throws {
        for isStreamed in [true, false] {
            let trace = Trace()
            let agent = Agent<Void>.stub(tools: [Self.helper(trace)])
            let log = InMemoryRunLog()
            @Sendable func run(_ steps: ScriptedModel.Step..., decisions: [ApprovalDecision] = []) async throws -> RunResult {
                try await Runner(model: ScriptedModel(steps), isStreamed: isStreamed)
                    .run(agent, input: "Hi", context: (), log: log, decisions: decisions)
            }
            let asked = try await run(Self.twoCalls)
            #expect(asked.interruptions.map(\.qualifiedID) == ["call_1/d", "call_2/d"])
            #expect(asked.interruptions.map(\.agent) == ["Helper", "Helper"])
            #expect(asked.interruptions.map { $0.json["call_id"] } == ["call_1/d", "call_2/d"])
            #expect(asked.output == "")
            #expect(asked.usage.requests == 5)
            let count = log.records.count
            #expect(try await run() == asked)
            #expect(log.records.count == count)

            let half = try await run(decisions: [asked.interruptions[1].approve()])
            #expect(half.interruptions == [asked.interruptions[0]])
            await #expect(throws: RunError.user("The call 'd' was decided and carried out before.")) {
                try await run(decisions: [asked.interruptions[1].reject()])
            }
            let result = try await run(.text("Done"), decisions: [asked.interruptions[0].reject(message: "Never.")])
            #expect(result.output == "Done")
            #expect(result.usage.requests == 8)
            let answers: [Item] = [.output("It is done", of: "call_2"), .output("It is done", of: "call_1"), .assistant("Done")]
            #expect(result.newItems.suffix(3) == answers)
            #expect(
                trace.notes.sorted() == [
                    "delete {} run/1/1/2/0", "guardrail call_1", "guardrail call_2", "output", "output", "read run/1/0/1/0", "read run/1/1/1/0",
                ])
            #expect(log.records.map(\.event).sketches.filter { $0.hasSuffix("tool_result d rejected") } == ["call_1: tool_result d rejected"])
        }
    }

    @Test func aCallWithinACallIsDecidedUntilItIsCarriedOut() async throws {
        var delete = AnyTool<Void>.stub("delete", effect: .external)
        delete.needsApproval = .always
        var helper = Agent<Void>.stub("Helper", tools: [delete])
        helper.model = Self.model(Self.call("delete", id: "a"), Self.call("delete", id: "b"), .said("Gone"))
        let agent = Agent<Void>.stub(tools: [helper.asTool(description: "Helps.")])
        let log = InMemoryRunLog()
        let runner = Runner(model: ScriptedModel(.call("helper", #"{"input":"x"}"#, id: "o"), .text("Done")))
        let first = try await runner.run(agent, input: "Hi", context: (), log: log)
        let call = try #require(first.interruptions.first)
        let second = try await runner.run(agent, input: [], context: (), log: log, decisions: [call.reject(), call.approve()])
        #expect(second.interruptions.map(\.qualifiedID) == ["o/b"])
        #expect(log.records.map(\.event).sketches.contains("o: tool_result a ok"))
        let count = log.records.count
        await #expect(throws: RunError.user("The call 'a' was decided and carried out before.")) {
            try await runner.run(agent, input: [], context: (), log: log, decisions: second.interruptions.map { $0.approve() } + [call.reject()])
        }
        #expect(log.records.count == count)
        #expect(try await runner.run(agent, input: [], context: (), log: log, decisions: second.interruptions.map { $0.approve() }).output == "Done")
    }

    @Test func a192_whatIsApprovedOutsideIsNotApprovedWithin() async throws {
        let trace = Trace()
        var delete = trace.tool("delete", .external)
        delete.needsApproval = .always
        var helper = Agent<Void>.stub("Assistant", tools: [delete])
        helper.model = Self.model(Self.call("delete", id: "d"), .said("Gone"))
        var tool = helper.asTool(name: "helper", description: "Helps.")
        tool.needsApproval = .always
        let agent = Agent<Void>.stub(tools: [delete, tool])
        let log = InMemoryRunLog()
        let runner = Runner(model: ScriptedModel(.calls(("delete", "1"), ("helper", #"{"input":"x"}"#)), .text("Done")))
        let first = try await runner.run(agent, input: "Hi", context: (), log: log)
        #expect(first.interruptions.map(\.qualifiedID) == ["call_1", "call_2"])
        let second = try await runner.run(agent, input: [], context: (), log: log, decisions: first.interruptions.map { $0.approve(always: true) })
        #expect(second.interruptions.map(\.qualifiedID) == ["call_2/d"])
        #expect(trace.notes == ["delete", "delete ended"])
        let third = try await runner.run(agent, input: [], context: (), log: log, decisions: second.interruptions.map { $0.approve() })
        #expect(third.output == "Done")
    }

    /// Three levels: the run, a helper, and the helper's own helper, which waits for a person.
    private func threeLevels(_ trace: Trace) -> (Agent<Void>, ScriptedModel) {
        var middle = Agent<Void>.stub("Middle", tools: [Self.helper(trace)])
        middle.model = Self.model(Self.call("helper", #"{"input":"b"}"#, id: "m"), .said("Middle is done"))
        let model = Self.model(Self.call("middle", #"{"input":"a"}"#, id: "o"), .said("All is done"))
        return (.stub(tools: [middle.asTool(description: "Asks the helper.")]), model)
    }

    @Test func everyPrefixOfANestedRunGoesOnToTheSameEnd() async throws {
        func play(_ prefix: [RunEvent], _ trace: Trace = Trace()) async throws -> (log: [RunEvent], shown: [RunRecord]) {
            let (agent, model) = threeLevels(trace)
            let log = InMemoryRunLog(prefix: prefix.enumerated().map { RunRecord(id: Int64($0 + 1), event: $1) })
            let reader = Reader()
            let runner = Runner(model: model)
            let result = try await runner.run(agent, input: "Hi", context: (), log: log) { reader.read($0) }
            if !result.interruptions.isEmpty {
                #expect(result.interruptions.map(\.qualifiedID) == ["o/m/d"])
                let decisions = result.interruptions.map { $0.approve(arguments: #"{"n":1}"#) }
                _ = try await runner.run(agent, input: "Hi", context: (), log: log, decisions: decisions) { reader.read($0) }
            }
            return (log.records.map(\.event), reader.records)
        }
        let trace = Trace()
        let (full, shown) = try await play([], trace)
        #expect(shown.map(\.event) == full)
        #expect(shown.map(\.id) == shown.map(\.id).sorted())
        #expect(trace.notes == ["guardrail m", "read run/1/0/1/0/1/0", #"delete {"n":1} run/1/0/1/0/2/0"#, "output"])
        #expect(full.sketches.contains("o: m: tool_result d ok"))
        #expect(
            full.contains { if case .toolResult(let result) = $0.origin.event { result.guardrails?.map(\.guardrail) == ["outer"] } else { false } })
        #expect(full.contains { if case (let path, .delta) = $0.origin { path.map(\.callID) == ["o", "m"] } else { false } })
        #expect(Transcript(of: full).items.count == 4)
        for count in 0...full.count {
            let (log, _) = try await play(Array(full.prefix(count)))
            // What was said before the cut is void, which the log says where it was said.
            #expect(log.filter { $0.isDecided && $0.origin.event.type != "restart" } == full.filter(\.isDecided), "after \(count)")
            let wasCutOff = full.prefix(count).last.map { !$0.isDecided } ?? false
            #expect(log.contains { $0.origin.event.type == "restart" } == wasCutOff, "after \(count)")
            if wasCutOff, let cut = full[count - 1].origin.path.last {
                #expect(log.contains { $0.origin.path.last == cut && $0.origin.event.type == "restart" })
            }
            let (decided, _) = try await play(full.prefix(count).filter(\.isDecided))
            #expect(decided.filter(\.isDecided) == full.filter(\.isDecided), "after the decided ones of \(count)")
        }
    }

    @Test func nestedEventsComeWhileTheCallIsUnderWayAndAfterTheyAreDurable() async throws {
        let (shown, answer) = (Gate(), Gate())
        var helper = Agent<Void>.stub("Helper", tools: [.stub("read")])
        helper.model = ScriptedModel(
            .call("read"),
            .respond { _ in
                try await answer.wait()
                return .said("42")
            })
        let runner = Runner(model: ScriptedModel(.call("helper", #"{"input":"x"}"#, id: "o"), .text("Done")))
        let agent = Agent<Void>.stub(tools: [helper.asTool(description: "Helps.")])
        let run = Task {
            try await runner.run(agent, input: "Hi", context: ()) { record in
                if record.event.sketch == "o: tool_result call_1 ok" { shown.open() }
            }
        }
        try await shown.wait()
        answer.open()
        #expect(try await run.value.output == "Done")
    }

    @Test func aReaderThatFailsEndsTheCall() async throws {
        struct Gone: Error {}
        let never = Gate()
        var helper = Agent<Void>.stub("Helper")
        helper.model = ScriptedModel(
            .respond { _ in
                try await never.wait()
                return .said("42")
            })
        let runner = Runner(model: ScriptedModel(.call("helper", #"{"input":"x"}"#)))
        await #expect(throws: RunError.failed("Gone()")) {
            try await runner.run(.stub(tools: [helper.asTool(description: "Helps.")]), input: "Hi", context: ()) { record in
                if case .nested = record.event { throw Gone() }
            }
        }
    }

    @Test func theLimitOfTheCallHoldsAndWaitingForAPersonIsNotCounted() async throws {
        let clock = ManualClock()
        var tool = Self.helper(Trace())
        tool.policy.timeout = .seconds(10)
        let agent = Agent<Void>.stub(tools: [tool])
        let log = InMemoryRunLog()
        let runner = Runner(model: ScriptedModel(.call("helper", #"{"input":"x"}"#), .text("Done")), clock: clock)
        let asked = try await runner.run(agent, input: "Hi", context: (), log: log)
        clock.advance(by: .seconds(3_600))
        let result = try await runner.run(agent, input: [], context: (), log: log, decisions: asked.interruptions.map { $0.approve() })
        #expect(result.output == "Done")

        let (started, never) = (Gate(), Gate())
        var slow = Agent<Void>.stub("Helper")
        slow.model = ScriptedModel(
            .respond { _ in
                started.open()
                try await never.wait()
                return .said("42")
            })
        tool = slow.asTool(description: "Helps.")
        tool.policy.timeout = .seconds(10)
        let outer = ScriptedModel(.call("helper", #"{"input":"x"}"#), .text("Done"))
        let run = Task { [tool] in try await Runner(model: outer, clock: clock).run(.stub(tools: [tool]), input: "Hi", context: ()) }
        try await started.wait()
        await clock.untilSleeping()
        clock.advance(by: .seconds(11))
        #expect(try await run.value.output == "Done")
        #expect(outer.requests.last?.input.last == .output("Tool 'helper' timed out after 10 seconds.", of: "call_1"))
    }

    @Test func aCallHoldsOneRunOfAnAgent() async throws {
        var helper = Agent<Void>.stub("Helper")
        helper.model = ScriptedModel(.text("1"), .text("2"))
        let nested = helper.asTool(description: "Helps.")
        let both = AnyTool<Void>.stub("both") { arguments, run in
            _ = try await nested.call(arguments, run)
            return try await nested.call(arguments, run)
        }
        let outer = ScriptedModel(.call("both", #"{"input":"x"}"#), .text("Done"))
        let log = InMemoryRunLog()
        _ = try await Runner(model: outer).run(.stub(tools: [both]), input: "Hi", context: (), log: log)
        #expect(log.records.map(\.event).sketches.filter { $0.hasPrefix("call_1: done") } == ["call_1: done 1"])
        #expect(outer.requests.last?.input.last == .output("An error occurred while running the tool. Please try again.", of: "call_1"))
    }

    @Test func nestedEventsAreReadAsTheyWereWritten() throws {
        let call = ToolCall(turn: 2, index: 1, callID: "c", name: "read", arguments: "{}")
        let parent = ParentCall(turn: 1, index: 0, callID: "o")
        let event = RunEvent.nested(parent, .nested(ParentCall(turn: 3, index: 2, callID: "m"), .toolCall(call)))
        let text = String(decoding: try JSONEncoder.stable.encode(event), as: UTF8.self)
        #expect(text.hasPrefix(#"{"call":{"call_id":"o","index":0,"turn":1},"event":{"call":{"call_id":"m""#))
        #expect(text.hasSuffix(#""type":"nested"}"#))
        #expect(try JSONDecoder().decode(RunEvent.self, from: Data(text.utf8)) == event)
        #expect(event.origin.path.map(\.callID) == ["o", "m"])
        let said = RunEvent.nested(parent, .delta("4"))
        #expect(said.type == "nested_delta")
        #expect(!said.isDecided)
        #expect(try JSONDecoder().decode(RunEvent.self, from: JSONEncoder.stable.encode(said)) == said)
        // A question of before there were runs within calls.
        let old = #"{"agent":"A","arguments":"{}","call_id":"c","index":0,"name":"n","tool_version":"","turn":1}"#
        let question = try JSONDecoder().decode(Interruption.self, from: Data(old.utf8))
        #expect(question.path.isEmpty)
        #expect(String(decoding: try JSONEncoder.stable.encode(question), as: UTF8.self) == old)
    }
}
