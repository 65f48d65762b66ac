import AgentRuntime
import AgentTesting
import FoundationEssentials
import Testing

/// agents-sdk, human in the loop.
@Suite(.timeLimit(.minutes(5)), .eitherMode) struct ApprovalTests {
    private let trace = Trace()

    private func tool(_ name: String, _ rule: ApprovalRule<Void> = .always, version: String = "1") -> AnyTool<Void> {
        var tool = trace.tool(name, .writes)
        tool.needsApproval = rule
        tool.version = version
        return tool
    }

    private func run(
        _ agent: Agent<Void>, _ log: InMemoryRunLog, _ steps: ScriptedModel.Step..., decisions: [ApprovalDecision] = [],
        isStreamed: Bool = TestedMode.isStreamed
    ) async throws -> (result: RunResult, model: ScriptedModel) {
        let model = ScriptedModel(steps)
        let result = try await Runner(model: model, isStreamed: isStreamed)
            .run(agent, input: "Hi", context: (), log: log, decisions: decisions)
        return (result, model)
    }

    @Test(arguments: [true, false])
    func a180_a200_anApprovedCallIsMadeAndTheRunGoesOn(isStreamed: Bool) async throws {
        let log = InMemoryRunLog()
        let agent = Agent<Void>.stub(tools: [tool("delete")])
        let first = try await run(agent, log, .call("delete", "7"), isStreamed: isStreamed).result
        #expect(first.interruptions.map(\.callID) == ["call_1"])
        #expect(first.interruptions.first?.arguments == "7")
        #expect(first.output == "")
        #expect(trace.notes.isEmpty)
        #expect(log.records.map(\.event).sketches == ["start", "response", "tool_call call_1 delete", "approval_check", "approval"])

        // In the other mode, and in another process.
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

    @Test func a185_a186_theLatestDecisionCountsAndLeavesLastingOnes() async throws {
        let log = InMemoryRunLog()
        let agent = Agent<Void>.stub(tools: [tool("delete")])
        let calls = try await run(agent, log, .calls(("delete", "1"), ("delete", "2"))).result.interruptions
        let decisions = [calls[0].reject(message: "Keep it.", always: true), calls[0].approve()]
        let second = try await run(agent, log, .call("delete", "3", id: "c3"), .text("Done"), decisions: decisions)
        #expect(
            second.result.newItems.compactMap { if case .functionCallOutput(let output) = $0 { output.output } else { nil } } == [
                "delete says 1", "Keep it.", "Keep it.",
            ])
    }

    @Test func a186_aFormatterSaysWhatARejectionWithoutAMessageIs() async throws {
        var config = RunConfig<Void>()
        config.toolErrorText = { kind, call in kind == .rejected ? "No \(call.name)." : nil }
        for (message, text) in [(nil, "No delete."), ("Keep it.", "Keep it.")] as [(String?, String)] {
            let log = InMemoryRunLog()
            let agent = Agent<Void>.stub(tools: [tool("delete")])
            let first = try await run(agent, log, .call("delete")).result
            let model = ScriptedModel(.text("Fine"))
            _ = try await Runner(testing: model).run(
                agent, input: [], context: (), config: config, log: log, decisions: first.interruptions.map { $0.reject(message: message) })
            #expect(model.requests.first?.input.last == .output(text, of: "call_1"))
        }
    }

    @Test func a187_a188_aDecisionIsOfOneServersTool() async throws {
        func tool(of server: String) -> AnyTool<Void> {
            var tool = self.tool("delete")
            tool.origin = .mcp(server: server)
            return tool
        }
        let log = InMemoryRunLog()
        let first = try await run(.stub(tools: [tool(of: "a")]), log, .call("delete")).result
        #expect(first.interruptions.first?.origin == .mcp(server: "a"))
        let copy = InMemoryRunLog(prefix: log.records)
        await #expect(throws: RunError.user("The tool 'delete' is no longer the one that was called.")) {
            try await run(.stub(tools: [tool(of: "b")]), copy, decisions: first.interruptions.map { $0.approve() })
        }
        #expect(trace.notes.isEmpty)
        // What was approved for good of one server is asked of another.
        let other = Agent<Void>.stub("Assistant", tools: [tool(of: "b")])
        let agent = Agent<Void>.stub(tools: [tool(of: "a")], handoffs: [Handoff(to: other)])
        let second = try await run(
            agent, log, .call("transfer_to_assistant", id: "c2"), .call("delete", id: "c3"),
            decisions: first.interruptions.map { $0.approve(always: true) }
        ).result
        #expect(second.interruptions.map(\.origin) == [.mcp(server: "b")])
    }

    @Test func a189_whatWasCarriedOutIsNotCarriedOutAgainWhenItsHookFails() async throws {
        struct Broken: RunHooks {
            func onToolEnd(_: Agent<Void>, _: AnyTool<Void>, _: ToolResult, _: RunContext<Void>) async throws { throw ToolFailure("Broken.") }
        }
        var config = RunConfig<Void>()
        config.hooks = Broken()
        let log = InMemoryRunLog()
        let agent = Agent<Void>.stub(tools: [tool("delete")])
        let first = try await run(agent, log, .call("delete")).result
        await #expect(throws: RunError.self) {
            try await Runner(testing: ScriptedModel())
                .run(agent, input: [], context: (), config: config, log: log, decisions: first.interruptions.map { $0.approve() })
        }
        #expect(log.records.map(\.event).sketches.suffix(2) == ["tool_result call_1 ok", "error internal"])
        await #expect(throws: RunError.self) { try await run(agent, log) }
        // Nor when the process ended before it could say so.
        let copy = InMemoryRunLog(prefix: log.records.dropLast())
        #expect(try await run(agent, copy, .text("Done")).result.output == "Done")
        #expect(trace.notes == ["delete", "delete ended"])
    }

    @Test func a193_aNewerLogOrAnUnknownEventIsRefused() async throws {
        let decoder = JSONDecoder()
        let unknown = #"{"type":"teleport"}"#
        let error = #expect(throws: DecodingError.self) { try decoder.decode(RunEvent.self, from: Data(unknown.utf8)) }
        #expect("\(try #require(error))".contains("The log holds an event 'teleport', which this version does not know."))
        #expect(throws: DecodingError.self) { try decoder.decode(RunEvent.self, from: Data(#"{"delta":"x"}"#.utf8)) }
        func start(_ format: String) throws -> InMemoryRunLog {
            let json = #"{"type":"start","start":{"agent":"Assistant","input":[],"facts":{}\#(format)}}"#
            return InMemoryRunLog(prefix: [RunRecord(id: 1, event: try decoder.decode(RunEvent.self, from: Data(json.utf8)))])
        }
        #expect(try await run(.stub(), start(""), .text("Done")).result.output == "Done")
        #expect(try await run(.stub(), start(#","format":1"#), .text("Done")).result.output == "Done")
        await #expect(throws: RunError.user("The run's log was written by a newer version of this program.")) {
            try await run(.stub(), start(#","format":2"#), .text("Done"))
        }
    }

    @Test func a195_agentsOfOneNameAreToldApartByHowTheyWereReached() async throws {
        func twin(_ tool: String) -> Agent<Void> { .stub("Twin", tools: [self.tool(tool)]) }
        var (first, second) = (Handoff(to: twin("cut")), Handoff(to: twin("burn")))
        (first.toolName, second.toolName) = ("to_first", "to_second")
        let log = InMemoryRunLog()
        let asked = try await run(.stub(handoffs: [first, second]), log, .call("to_second"), .call("burn", id: "c2")).result
        let result = try await run(.stub(handoffs: [second, first]), log, .text("Done"), decisions: asked.interruptions.map { $0.approve() }).result
        #expect(result.lastAgent == "Twin")
        #expect(trace.notes == ["burn", "burn ended"])
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

    @Test func a188_aLastingDecisionHoldsForTheVersionThatAPersonSaw() async throws {
        for (version, waits) in [("1", false), ("2", true)] {
            let log = InMemoryRunLog()
            let other = Agent<Void>.stub("Assistant", tools: [tool("delete", version: version)])
            let agent = Agent<Void>.stub(tools: [tool("delete")], handoffs: [Handoff(to: other)])
            let first = try await run(agent, log, .call("delete")).result
            let second = try await run(
                agent, log, .call("transfer_to_assistant", id: "c2"), .call("delete", id: "c3"), .text("Done"),
                decisions: first.interruptions.map { $0.approve(always: true) }
            ).result
            #expect(second.interruptions.map(\.toolVersion) == (waits ? ["2"] : []))
        }
    }

    @Test func a188_whatWasCarriedOutIsNotDecidedAgain() async throws {
        let log = InMemoryRunLog()
        let agent = Agent<Void>.stub(tools: [tool("delete")])
        let calls = try await run(agent, log, .calls(("delete", "1"), ("delete", "2"))).result.interruptions
        _ = try await run(agent, log, decisions: [calls[0].approve()])
        let count = log.records.count
        await #expect(throws: RunError.user("The call 'call_1' was decided and carried out before.")) {
            try await run(agent, log, decisions: [calls[0].reject()])
        }
        #expect(log.records.count == count)
        #expect(trace.notes == ["delete", "delete ended"])
    }

    @Test func aToolsTypeSaysWhetherItsCallsWait() async throws {
        struct Wipe: Tool {
            static let summary = "Wipes."
            static let effect = ToolEffect.writes
            static let needsApproval = true
            init() {}
            func call(in run: RunContext<Void>) async throws -> String { "Wiped." }
        }
        let result = try await run(.stub(tools: [AnyTool(Wipe.self)]), InMemoryRunLog(), .call("wipe")).result
        #expect(result.interruptions.map(\.name) == ["wipe"])
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
        let runner = Runner(testing: model)
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
            let runner = Runner(testing: ScriptedModel(Array(steps.dropFirst(responses))))
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
