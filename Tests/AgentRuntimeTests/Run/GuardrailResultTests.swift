import AgentRuntime
import AgentTesting
import Testing

/// agents-sdk, what programs read of guardrails.
@Suite(.timeLimit(.minutes(5))) struct GuardrailResultTests {
    private struct Broken: Error {}

    private func agent(
        input: [InputGuardrail<Void>] = [], output: [OutputGuardrail<Void>] = [], tools: [AnyTool<Void>] = [], handoffs: [Handoff<Void>] = []
    ) -> Agent<Void> {
        var agent = Agent<Void>.stub(tools: tools, handoffs: handoffs)
        agent.inputGuardrails = input
        agent.outputGuardrails = output
        return agent
    }

    private func telling(_ name: String, reason: String? = nil) -> InputGuardrail<Void> {
        InputGuardrail(name: name, runsInParallel: false) { input, _ in GuardrailOutput(reason: reason, info: ["items": .integer(input.count)]) }
    }

    /// What a guardrail said of an input of one item.
    private func verdict(_ name: String, reason: String? = nil) -> GuardrailVerdict {
        GuardrailVerdict(guardrail: name, isInput: true, isTripped: reason != nil, reason: reason, info: ["items": 1])
    }

    @Test func g133_whatGuardrailsFoundIsInTheReport() async throws {
        let run = try await inBothModes { mode in
            let output = OutputGuardrail<Void>(name: "out") { text, _ in GuardrailOutput(info: .string(text)) }
            try await mode.run(agent(input: [telling("in")], output: [output]), model: [.text("Done")])
        }
        #expect(run.result?.report.inputGuardrailResults == [verdict("in")])
        let out = GuardrailVerdict(guardrail: "out", isInput: false, isTripped: false, turn: 1, info: "Done")
        #expect(run.result?.report.outputGuardrailResults == [out])
        #expect(RunReport(of: run.shown).outputGuardrailResults == [out])
    }

    @Test func g133_theTrippedOneIsAmongTheResults() async throws {
        let run = await inBothModes(throwing: RunError.inputGuardrailTripped(verdict("b", reason: "no"))) { mode in
            let log = InMemoryRunLog()
            let second = InputGuardrail<Void>(name: "b", runsInParallel: false) { input, _ in
                await log.until("guardrail a false")
                return GuardrailOutput(reason: "no", info: ["items": .integer(input.count)])
            }
            try await mode.run(agent(input: [second, telling("a")]), model: [.text("Done")], log: log)
        }
        #expect(RunReport(of: run.log).inputGuardrailResults == [verdict("a"), verdict("b", reason: "no")])
    }

    @Test func g133_thoseThatCameToAVerdictBeforeAnErrorAreAmongTheResults() async throws {
        let run = await inBothModes(throwing: RunError.failed("Broken()")) { mode in
            let log = InMemoryRunLog()
            let broken = InputGuardrail<Void>("b", runsInParallel: false) { _, _ in
                await log.until("guardrail a false")
                throw Broken()
            }
            try await mode.run(agent(input: [broken, telling("a")]), model: [.text("Done")], log: log)
        }
        #expect(RunReport(of: run.log).inputGuardrailResults == [verdict("a")])
    }

    @Test func g134_resultsAreInTheOrderOfTheVerdicts() async throws {
        let run = try await inBothModes { mode in
            let log = InMemoryRunLog()
            let late = InputGuardrail<Void>(name: "late") { input, _ in
                await log.until("guardrail early false")
                return GuardrailOutput(info: ["items": .integer(input.count)])
            }
            let lateOutput = OutputGuardrail<Void>("late output") { _, _ in
                await log.until("guardrail early output false")
                return nil
            }
            var early = telling("early")
            early.runsInParallel = true
            let agent = agent(input: [late, early], output: [lateOutput, OutputGuardrail("early output") { _, _ in nil }])
            try await mode.run(agent, model: [.text("Done")], log: log)
        }
        #expect(run.result?.report.inputGuardrailResults == [verdict("early"), verdict("late")])
        #expect(run.result?.report.outputGuardrailResults.map(\.guardrail) == ["early output", "late output"])
    }

    @Test func g137_resultsStayOverInterruptions() async throws {
        let run = try await inBothModes { mode in
            var tool = AnyTool<Void>.stub("add")
            tool.needsApproval = .always
            let input = InputGuardrail<Void>(name: "in", runsInParallel: false) { input, _ in
                mode.trace.note("in")
                return GuardrailOutput(info: ["items": .integer(input.count)])
            }
            let output = OutputGuardrail<Void>("out") { _, _ in
                mode.trace.note("out")
                return nil
            }
            let agent = agent(input: [input], output: [output], tools: [tool])
            let asked = try await mode.run(agent, model: [.calls(("add", "{}"), ("add", "{\"a\":1}"))])
            let again = try await mode.resume(agent, decisions: asked.interruptions.prefix(1).map { $0.approve() })
            #expect(again.interruptions.count == 1)
            for result in [asked, again] { #expect(result.report.inputGuardrailResults == [verdict("in")]) }
            try await mode.resume(agent, model: [.text("Done")], decisions: again.interruptions.map { $0.approve() })
        }
        #expect(run.notes == ["in", "out"])
        #expect(run.result?.report.inputGuardrailResults == [verdict("in")])
        #expect(run.result?.report.outputGuardrailResults.map(\.guardrail) == ["out"])
    }

    private func guardedTool(_ name: String) -> AnyTool<Void> {
        var tool = AnyTool<Void>.stub(name)
        tool.inputGuardrails = [ToolInputGuardrail(name: "\(name) in") { call, _ in ToolGuardrailOutput(.allow, info: .string(call.callID)) }]
        tool.outputGuardrails = [
            ToolOutputGuardrail(name: "\(name) out") { result, _, _ in ToolGuardrailOutput(.reject("No."), info: .string(result.output)) }
        ]
        return tool
    }

    private func said(_ report: RunReport?) -> [String] {
        (report.map { $0.toolInputGuardrailResults + $0.toolOutputGuardrailResults } ?? []).map {
            "\($0.guardrail) \($0.behavior.rawValue) \($0.info?.text ?? "")"
        }
    }

    @Test func t89_whatToolGuardrailsSaidIsInTheReportOfARunThatUsedUpItsTurns() async throws {
        let run = await inBothModes(throwing: RunError.maxTurnsExceeded(1)) { mode in
            try await mode.run(.stub(tools: [guardedTool("add")]), model: [.call("add", id: "a")], limits: RunLimits(turns: 1))
        }
        #expect(said(RunReport(of: run.log)) == ["add in allow \"a\"", "add out reject \"done\""])
    }

    @Test func t89_whatToolGuardrailsSaidStaysOverHandoffsAndInterruptions() async throws {
        let run = try await inBothModes { mode in
            var tool = guardedTool("edit")
            tool.needsApproval = .always
            let other = Agent<Void>.stub("Other", tools: [tool])
            let first = Agent<Void>.stub(tools: [guardedTool("add")], handoffs: [Handoff(to: other)])
            let steps: [ScriptedModel.Step] = [.call("add", id: "a"), .call("transfer_to_other", id: "b"), .call("edit", id: "c")]
            let asked = try await mode.run(first, model: steps)
            #expect(said(asked.report) == ["add in allow \"a\"", "add out reject \"done\""])
            try await mode.resume(first, model: [.text("Done")], decisions: asked.interruptions.map { $0.approve() })
        }
        #expect(
            said(run.result?.report) == [
                "add in allow \"a\"", "edit in allow \"c\"", "add out reject \"done\"", "edit out reject \"done\"",
            ])
    }

    @Test func t89_aToolGuardrailThatEndsTheRunIsInTheReport() async throws {
        var tool = guardedTool("add")
        tool.inputGuardrails.append(ToolInputGuardrail("never") { _, _ in .raise("never") })
        let run = await inBothModes(throwing: RunError.toolGuardrailTripped("never", "never")) { [tool] mode in
            try await mode.run(.stub(tools: [tool]), model: [.call("add", id: "a")])
        }
        #expect(said(RunReport(of: run.log)) == ["add in allow \"a\"", "never raise "])
    }
}
