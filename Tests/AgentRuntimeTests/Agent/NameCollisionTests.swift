import AgentRuntime
import AgentTesting
import Logging
import Testing

/// agents-sdk, two things of one name.
@Suite(.timeLimit(.minutes(5))) struct NameCollisionTests {
    private let first = Agent<Void>.stub("Sales team")
    private let second = Agent<Void>.stub("Sales-team")

    private func config(_ policy: ToolNameCollisionPolicy) -> RunConfig<Void> {
        var config = RunConfig<Void>()
        config.toolNameCollisionPolicy = policy
        return config
    }

    @Test func h119_t76_twoThingsOfOneNameAreRefusedBeforeTheModelIsAsked() async {
        let tools: [AnyTool<Void>] = [.stub("add"), .stub("transfer_to_sales_team")]
        for (agent, sentence) in [
            (
                Agent<Void>.stub(handoffs: [Handoff(to: first), Handoff(to: second)]),
                "The agent 'Assistant' has two things called 'transfer_to_sales_team': the handoff to 'Sales team' and the handoff to 'Sales-team'."
            ),
            (
                Agent<Void>.stub(tools: tools, handoffs: [Handoff(to: first)]),
                "The agent 'Assistant' has two things called 'transfer_to_sales_team': a tool of the program and the handoff to 'Sales team'."
            ),
            (
                Agent<Void>.stub(tools: [.stub("add"), .stub("add")]),
                "The agent 'Assistant' has two things called 'add': a tool of the program and another."
            ),
        ] {
            let run = await inBothModes(throwing: RunError.user(sentence)) { try await $0.run(agent) }
            #expect(run.requests.isEmpty)
        }
    }

    @Test func h119_t76_withAWarningTheLastOneIsMeantAndAHandoffBeforeATool() async throws {
        let run = try await inBothModes { mode in
            let tools = [mode.trace.tool("transfer_to_sales_team"), mode.trace.tool("add"), .stub("add") { _, _ in "second" }]
            let agent = Agent<Void>.stub(tools: tools, handoffs: [Handoff(to: first), Handoff(to: second)])
            let log = LogRecorder()
            try await mode.run(
                agent, model: [.call("add"), .call("transfer_to_sales_team", id: "c2"), .text("Done")], config: config(.warn)
            ) { $0.logger = log.logger }
            #expect(log.entries.filter { $0.hasPrefix("warning") && $0.contains("two things called") }.count == 3)
        }
        #expect(run.requests.first?.tools.map(\.name) == ["add", "transfer_to_sales_team"])
        #expect(run.newItems.contains(.output("second", of: "call_1")))
        #expect(run.lastAgent == "Sales-team")
        #expect(run.notes.isEmpty)
    }

    @Test func t77_aWarningHoldsNamesAndNothingOfWhatWasSaid() async throws {
        let log = LogRecorder()
        let run = try await inBothModes { mode in
            let tools: [AnyTool<Void>] = [.stub("add") { _, _ in "hunter2 one" }, .stub("add") { _, _ in "hunter2 two" }]
            let steps: [ScriptedModel.Step] = [.call("add", #"{"key":"hunter2"}"#), .text("hunter2")]
            try await mode.run(.stub(tools: tools), "hunter2", model: steps, config: config(.warn)) { $0.logger = log.logger }
        }
        #expect(run.newItems.contains(.output("hunter2 two", of: "call_1")))
        let warning = "warning The agent 'Assistant' has two things called 'add': a tool of the program and another."
        #expect(log.entries.filter { $0 == warning }.count == log.entries.count)
        #expect(log.entries.count == 2, "once a mode")
    }

    @Test func h119_whatIsDisabledOrRenamedCollidesWithNothing() async throws {
        var disabled = Handoff(to: second)
        disabled.isEnabled = { _ in false }
        var renamed = Handoff(to: second)
        renamed.toolName = "transfer_to_other_team"
        for (other, names) in [(disabled, ["transfer_to_sales_team"]), (renamed, ["transfer_to_sales_team", "transfer_to_other_team"])] {
            let agent = Agent<Void>.stub(handoffs: [Handoff(to: first), other])
            let run = try await inBothModes { try await $0.run(agent, model: [.call("transfer_to_sales_team"), .text("Done")]) }
            #expect(run.requests.first?.tools.map(\.name) == names)
            #expect(run.lastAgent == "Sales team")
        }
    }

    @Test func aDisabledHandoffLeavesItsNameToATool() async throws {
        var handoff = Handoff(to: first)
        handoff.isEnabled = { _ in false }
        let agent = Agent<Void>.stub(tools: [.stub("transfer_to_sales_team") { _, _ in "a tool" }], handoffs: [handoff])
        let run = try await inBothModes { try await $0.run(agent, model: [.call("transfer_to_sales_team"), .text("Done")]) }
        #expect(run.newItems.contains(.output("a tool", of: "call_1")))
    }

    @Test func aRunThatGoesOnFindsTheHandoffThatHappened() async throws {
        let agent = Agent<Void>.stub(handoffs: [Handoff(to: first), Handoff(to: second)])
        var disabled = agent
        disabled.handoffs[1].isEnabled = { _ in false }
        let log = InMemoryRunLog()
        let whole = try await Runner(model: ScriptedModel(.call("transfer_to_sales_team"), .text("Done")))
            .run(disabled, input: "Hi", context: (), log: log)
        #expect(whole.lastAgent == "Sales team")
        for count in log.records.indices {
            let steps: [ScriptedModel.Step] = count < 2 ? [.call("transfer_to_sales_team"), .text("Done")] : [.text("Done")]
            let prefix = InMemoryRunLog(prefix: Array(log.records.prefix(count)))
            #expect(try await Runner(model: ScriptedModel(steps)).run(disabled, input: "Hi", context: (), log: prefix) == whole)
        }
    }

    @Test func h101_aNameThatLosesMoreThanItsBlanksIsWarnedOfOnceAnAgent() async throws {
        let log = LogRecorder()
        var named = Handoff(to: Agent<Void>.stub("Käufer"))
        named.toolName = "transfer_to_buyers"
        let agent = Agent<Void>.stub(
            tools: [.stub("add")], handoffs: [Handoff(to: .stub("Émile & Co")), Handoff(to: .stub("Sales team_2")), named])
        let runner = Runner(model: ScriptedModel(.call("add"), .text("Done")), logger: log.logger)
        _ = try await runner.run(agent, input: "Hi", context: ())
        #expect(
            log.entries == [
                "warning The agent 'Émile & Co' is handed over to by 'transfer_to__mile___co', where '_' stands for what a function's name cannot have."
            ])
    }
}
