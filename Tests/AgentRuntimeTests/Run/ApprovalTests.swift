import AgentRuntime
import AgentTesting
import Testing

/// agents-sdk, human in the loop.
@Suite(.timeLimit(.minutes(1))) struct ApprovalTests {
    private let trace = Trace()

    private func tool(_ name: String, _ rule: ApprovalRule<Void> = .always, version: String = "1") -> AnyTool<Void> {
        var tool = trace.tool(name, .writes)
        tool.needsApproval = rule
        tool.version = version
        return tool
    }

    private func run(
        _ agent: Agent<Void>, _ log: InMemoryRunLog, _ steps: ScriptedModel.Step..., decisions: [ApprovalDecision] = [], isStreamed: Bool = true
    ) async throws -> (result: RunResult, model: ScriptedModel) {
        let model = ScriptedModel(steps)
        let result = try await Runner(model: model, isStreamed: isStreamed)
            .run(agent, input: "Hi", context: (), log: log, decisions: decisions)
        return (result, model)
    }

    @Test(arguments: [true, false])
    func a180_anApprovedCallIsMadeAndTheRunGoesOn(isStreamed: Bool) async throws {
        let log = InMemoryRunLog()
        let agent = Agent<Void>.stub(tools: [tool("delete")])
        let first = try await run(agent, log, .call("delete", "7"), isStreamed: isStreamed).result
        #expect(first.interruptions.map(\.callID) == ["call_1"])
        #expect(first.interruptions.first?.arguments == "7")
        #expect(first.output == "")
        #expect(trace.notes.isEmpty)
        #expect(log.records.map(\.event).sketches == ["start", "response", "tool_call call_1 delete", "approval_check", "approval"])

        // A200: in the other mode, and in another process.
        let copy = InMemoryRunLog(prefix: log.records)
        let second = try await run(agent, copy, .text("Gone"), decisions: first.interruptions.map { $0.approve() }, isStreamed: !isStreamed).result
        #expect(second.output == "Gone")
        #expect(second.newItems == [.call("delete", "7", id: "call_1"), .output("delete says 7", of: "call_1"), .assistant("Gone")])
        #expect(trace.notes == ["delete", "delete ended"])
        #expect(second.usage.requests == 2)
    }

    @Test func a180_a186_aRejectedCallIsToldToTheModel() async throws {
        for (message, text) in [(nil, "Tool execution was not approved."), ("Keep it.", "Keep it.")] as [(String?, String)] {
            let log = InMemoryRunLog()
            let agent = Agent<Void>.stub(tools: [tool("delete")])
            let first = try await run(agent, log, .call("delete")).result
            let second = try await run(agent, log, .text("Fine"), decisions: first.interruptions.map { $0.reject(message: message) })
            #expect(second.model.requests.first?.input.last == .output(text, of: "call_1"))
            #expect(log.records.map(\.event).sketches.suffix(4) == ["approval_decision", "tool_result call_1 rejected", "response", "done Fine"])
        }
        #expect(trace.notes.isEmpty)
    }

    @Test func a181_siblingsThatNeedNoneRunOnceAndHandoffsWait() async throws {
        let log = InMemoryRunLog()
        let agent = Agent<Void>.stub(tools: [tool("delete"), trace.tool("read")], handoffs: [Handoff(to: .stub("Other"))])
        let first = try await run(agent, log, .calls(("transfer_to_other", ""), ("delete", "1"), ("read", "2"))).result
        #expect(trace.notes == ["read", "read ended"])
        #expect(first.interruptions.map(\.name) == ["delete"])
        #expect(first.lastAgent == "Assistant")
        let second = try await run(agent, log, .text("Done"), decisions: first.interruptions.map { $0.approve() }).result
        #expect(trace.notes == ["read", "read ended", "delete", "delete ended"])
        #expect(second.lastAgent == "Other")
    }

    @Test func a182_whatIsUndecidedInterruptsAgainWithoutAModelCall() async throws {
        let log = InMemoryRunLog()
        let agent = Agent<Void>.stub(tools: [tool("delete")])
        let first = try await run(agent, log, .calls(("delete", "1"), ("delete", "2"))).result
        let count = log.records.count
        let again = try await run(agent, log)
        #expect(again.result == first)
        #expect(log.records.count == count)
        let second = try await run(agent, log, decisions: [first.interruptions[1].approve()])
        #expect(second.result.interruptions == [first.interruptions[0]])
        #expect(trace.notes == ["delete", "delete ended"])
        #expect(log.records.map(\.event).sketches.suffix(3) == ["approval_decision", "tool_result call_2 ok", "approval"])
        #expect(try await run(agent, log, .text("Done"), decisions: [first.interruptions[0].reject()]).result.output == "Done")
    }

    @Test func a183_theRuleIsAskedOnceAndLastingDecisionsBeatIt() async throws {
        for approves in [true, false] {
            let asked = Trace()
            let rule = ApprovalRule<Void>.when { _, arguments in
                asked.note(arguments.text)
                return true
            }
            let log = InMemoryRunLog()
            let agent = Agent<Void>.stub(tools: [tool("delete", rule)])
            let first = try await run(agent, log, .call("delete", #"{"n":1}"#)).result
            let decisions = first.interruptions.map { approves ? $0.approve(always: true) : $0.reject(always: true) }
            let second = try await run(agent, log, .call("delete", #"{"n":2}"#, id: "c2"), .text("Done"), decisions: decisions).result
            #expect(second.output == "Done")
            #expect(asked.notes == [#"{"n":1}"#])
            #expect(log.records.map(\.event).sketches.contains("tool_result c2 \(approves ? "ok" : "rejected")"))
        }
    }

    @Test func a184_argumentsThatAreNoObjectWaitForAPerson() async throws {
        let rule = ApprovalRule<Void>.when { _, arguments in arguments["force"] == true }
        let agent = Agent<Void>.stub(tools: [tool("delete", rule)])
        for (arguments, waits) in [(#"{"force":true}"#, true), (#"{"force":false}"#, false), ("7", true), ("{", true)] {
            let result = try await run(agent, InMemoryRunLog(), .call("delete", arguments), .text("Done")).result
            #expect(result.interruptions.isEmpty == !waits, "\(arguments)")
        }
    }

    @Test func a185_anExactDecisionBeatsALastingOne() async throws {
        let log = InMemoryRunLog()
        let agent = Agent<Void>.stub(tools: [tool("delete")])
        let first = try await run(agent, log, .calls(("delete", "1"), ("delete", "2"), ("delete", "3"))).result
        let calls = first.interruptions
        _ = try await run(agent, log, .text("Done"), decisions: [calls[0].approve(always: true), calls[1].reject()])
        #expect(
            log.records.map(\.event).sketches.filter { $0.hasPrefix("tool_result") } == [
                "tool_result call_1 ok", "tool_result call_2 rejected", "tool_result call_3 ok",
            ])
    }

    @Test func a187_aLastingDecisionIsTheAgentsOwn() async throws {
        let log = InMemoryRunLog()
        let other = Agent<Void>.stub("Other", tools: [tool("delete")])
        let agent = Agent<Void>.stub(tools: [tool("delete")], handoffs: [Handoff(to: other)])
        let first = try await run(agent, log, .call("delete")).result
        let second = try await run(
            agent, log, .call("transfer_to_other", id: "c2"), .call("delete", id: "c3"),
            decisions: first.interruptions.map { $0.approve(always: true) }
        ).result
        #expect(second.interruptions.map(\.agent) == ["Other"])
    }

    @Test func a188_aDecisionHoldsForNothingElse() async throws {
        let log = InMemoryRunLog()
        let agent = Agent<Void>.stub(tools: [tool("delete")])
        let call = try #require(try await run(agent, log, .call("delete", "1")).result.interruptions.first)
        let count = log.records.count
        var other = call
        other.arguments = "2"
        for wrong in [
            other,
            {
                var call = call; call.toolVersion = "9"; return call
            }(),
            {
                var call = call; call.index = 4; return call
            }(),
        ] {
            await #expect(throws: RunError.self) { try await run(agent, log, decisions: [call.approve(), wrong.approve()]) }
        }
        #expect(log.records.count == count)
        // The tool became another one after the person was asked.
        let changed = Agent<Void>.stub(tools: [tool("delete", version: "2")])
        await #expect(throws: RunError.user("The tool 'delete' is no longer the one that was approved.")) {
            try await run(changed, log, decisions: [call.approve()])
        }
        #expect(trace.notes.isEmpty)
    }

    @Test func a190_turnsCountAcross() async throws {
        var agent = Agent<Void>.stub(tools: [tool("delete")])
        agent.maxTurns = 1
        let log = InMemoryRunLog()
        let first = try await run(agent, log, .call("delete")).result
        await #expect(throws: RunError.maxTurnsExceeded(1)) {
            try await run(agent, log, .text("Done"), decisions: first.interruptions.map { $0.approve() })
        }
        #expect(trace.notes == ["delete", "delete ended"])
    }

    @Test func aPersonsArgumentsReplaceTheModels() async throws {
        let log = InMemoryRunLog()
        let agent = Agent<Void>.stub(tools: [tool("delete")])
        let first = try await run(agent, log, .call("delete", "1")).result
        let second = try await run(agent, log, .text("Done"), decisions: first.interruptions.map { $0.approve(arguments: "2") })
        #expect(second.model.requests.first?.input.suffix(2) == [.call("delete", "2", id: "call_1"), .output("delete says 2", of: "call_1")])
    }

    @Test func m149_aSessionGetsAnInterruptedTurnOnceAndWhole() async throws {
        let session = InMemorySession([.user("Before")])
        let log = InMemoryRunLog()
        let agent = Agent<Void>.stub(tools: [tool("delete"), .stub("read")])
        let model = ScriptedModel(.call("read"), .call("delete", id: "c2"), .text("Done"))
        let runner = Runner(model: model)
        let first = try await runner.run(agent, input: "Hi", context: (), session: session, log: log)
        let pair: [Item] = [.call("read", "{}", id: "call_1"), .output("done", of: "call_1")]
        #expect(await session.items() == [.user("Before"), .user("Hi")] + pair)
        let second = try await runner.run(
            agent, input: [], context: (), session: session, log: log, decisions: first.interruptions.map { $0.approve() })
        #expect(await session.items() == [.user("Before"), .user("Hi")] + second.newItems)
        #expect(model.requests.last?.input == [.user("Before"), .user("Hi")] + second.newItems.dropLast())
    }

    @Test func everyPrefixGoesOnToTheSameEnd() async throws {
        let agent = Agent<Void>.stub(tools: [tool("delete", .when { _, arguments in arguments["n"] == 1 }), tool("read", .never)])
        let steps: [ScriptedModel.Step] = [.calls(("delete", #"{"n":1}"#), ("read", "{}"), ("delete", #"{"n":2}"#)), .text("Done")]
        func play(_ prefix: [RunRecord]) async throws -> [RunEvent] {
            let responses = prefix.filter { $0.event.type == "response" }.count
            let runner = Runner(model: ScriptedModel(Array(steps.dropFirst(responses))))
            let log = InMemoryRunLog(prefix: prefix)
            let result = try await runner.run(agent, input: "Hi", context: (), log: log)
            if !result.interruptions.isEmpty {
                _ = try await runner.run(agent, input: "Hi", context: (), log: log, decisions: result.interruptions.map { $0.approve() })
            }
            return log.records.map(\.event).filter(\.isDecided)
        }
        let full = try await play([])
        #expect(full.last?.type == "done")
        for count in 0...full.count {
            let prefix = full.prefix(count).enumerated().map { RunRecord(id: Int64($0 + 1), event: $1) }
            #expect(try await play(prefix) == full, "after \(count)")
        }
    }
}
