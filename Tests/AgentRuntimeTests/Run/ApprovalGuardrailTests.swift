import AgentRuntime
import AgentTesting
import Testing

/// Tool guardrails around a person's approval.
@Suite(.timeLimit(.minutes(5))) struct ApprovalGuardrailTests {
    private func agent(
        _ trace: Trace, _ rule: ApprovalRule<Void> = .always, verdict: @escaping @Sendable (ToolCall) -> ToolGuardrailVerdict
    ) -> Agent<Void> {
        var tool = trace.tool("delete", .writes)
        tool.needsApproval = rule
        tool.inputGuardrails = [
            ToolInputGuardrail("look") { call, _ in
                trace.note("look \(call.arguments)")
                return verdict(call)
            }
        ]
        return .stub(tools: [tool])
    }

    @Test func a199_guardrailsLookBeforeThePersonOnlyWhenAskedToAndAgainAfterwards() async throws {
        for isEarly in [false, true] {
            let run = try await inBothModes { mode in
                let agent = agent(mode.trace) { $0.arguments == "2" ? .reject("Not 2.") : .allow }
                var config = RunConfig<Void>()
                config.preApprovalToolInputGuardrails = isEarly
                let asked = try await mode.run(agent, model: [.calls(("delete", "1"), ("delete", "2"))], config: config)
                #expect(asked.interruptions.map(\.arguments) == (isEarly ? ["1"] : ["1", "2"]))
                mode.trace.note("asked")
                try await mode.resume(agent, model: [.text("Done")], config: config, decisions: asked.interruptions.map { $0.approve() })
            }
            #expect(run.output == "Done")
            #expect(run.newItems.contains(.output("Not 2.", of: "call_2")))
            let early = ["look 1", "look 2", "asked", "look 1", "delete", "delete ended"]
            #expect(run.notes == (isEarly ? early : ["asked", "look 1", "delete", "delete ended", "look 2"]))
        }
    }

    @Test func a199_aGuardrailThatRaisesEndsTheRunBeforeThePerson() async throws {
        let run = await inBothModes(throwing: RunError.toolGuardrailTripped("look", "no")) { mode in
            var config = RunConfig<Void>()
            config.preApprovalToolInputGuardrails = true
            try await mode.run(agent(mode.trace) { _ in .raise("no") }, model: [.call("delete", "1")], config: config)
        }
        #expect(run.notes == ["look 1"])
        #expect(run.sketches.suffix(2) == ["tool_guardrail", "error content_filtered"])
    }

    @Test(arguments: [true, false]) func aGuardrailAsksAgainWhateverWasDecidedBefore(needsApproval: Bool) async throws {
        let run = try await inBothModes { mode in
            let agent = agent(mode.trace, needsApproval ? .always : .never) { _ in .askApproval }
            var result = try await mode.run(agent, model: [.call("delete", "1")])
            if needsApproval { result = try await mode.resume(agent, decisions: result.interruptions.map { $0.approve(always: true) }) }
            #expect(result.interruptions.map(\.callID) == ["call_1"])
            #expect(!mode.trace.notes.contains("delete"))
            #expect(try await mode.resume(agent).interruptions == result.interruptions)
            try await mode.resume(agent, model: [.text("Done")], decisions: result.interruptions.map { $0.approve() })
        }
        #expect(run.output == "Done")
        #expect(run.notes == ["look 1", "look 1", "delete", "delete ended"])
        #expect(run.newItems.contains(.output("delete says 1", of: "call_1")))
    }
}
