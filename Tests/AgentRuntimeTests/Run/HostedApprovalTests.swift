import AgentRuntime
import AgentTesting
import Testing

/// A197: calls that the provider makes at servers which it reaches itself.
@Suite(.timeLimit(.minutes(5))) struct HostedApprovalTests {
    private static func request(_ id: String, server: String = "files", name: String = "read") -> Item {
        .other([
            "type": "mcp_approval_request", "id": .string(id), "server_label": .string(server), "name": .string(name), "arguments": #"{"n":1}"#,
        ])
    }

    private static func response(_ id: String, _ approve: Bool, reason: String? = nil) -> Item {
        var json: [String: JSONValue] = ["type": "mcp_approval_response", "approval_request_id": .string(id), "approve": .bool(approve)]
        json["reason"] = reason.map(JSONValue.string)
        return .other(.object(json))
    }

    private static func asks(_ items: Item...) -> ScriptedModel.Step {
        .response(ModelResponse(items: items, usage: Usage(requests: 1)))
    }

    @Test func a197_theProgramAnswersAndTheRunGoesOn() async throws {
        let run = try await inBothModes { mode in
            var config = RunConfig<Void>()
            config.onHostedApproval = { call, _ in
                mode.trace.note("\(call.name) \(call.arguments) \(call.callID)")
                return call.name == "read" ? call.approve() : call.reject(message: "Never.")
            }
            try await mode.run(
                .stub(), model: [Self.asks(Self.request("a"), Self.request("b", name: "delete"), .assistant("One moment")), .text("Done")],
                config: config)
        }
        #expect(run.output == "Done")
        #expect(run.notes == [#"read {"n":1} a"#, #"delete {"n":1} b"#])
        #expect(run.requests.last?.input.suffix(2) == [Self.response("a", true), Self.response("b", false, reason: "Never.")])
        #expect(run.sketches == ["start", "response", "approval_decision", "approval_decision", "response", "done Done"])
    }

    @Test func a197_withoutAnAnswerAPersonIsAskedBesideTheOwnCalls() async throws {
        let run = try await inBothModes { mode in
            var tool = mode.trace.tool("write", .writes)
            tool.needsApproval = .always
            let agent = Agent<Void>.stub(tools: [tool, mode.trace.tool("look")])
            let asked = try await mode.run(
                agent,
                model: [Self.asks(Self.request("a"), .call("write", "1", id: "w"), .call("look", "2", id: "l"), Self.request("b", server: "mail"))])
            #expect(asked.interruptions.map(\.callID) == ["w", "a", "b"])
            #expect(asked.interruptions.map(\.origin) == [.function, .hostedMCP(server: "files"), .hostedMCP(server: "mail")])
            #expect(mode.trace.notes == ["look", "look ended"])
            let again = try await mode.resume(agent, decisions: [asked.interruptions[1].approve()])
            #expect(again.interruptions.map(\.callID) == ["w", "b"])
            await #expect(throws: RunError.self) { try await mode.resume(agent, decisions: [asked.interruptions[1].reject()]) }
            await #expect(throws: RunError.self) { try await mode.resume(agent, decisions: [asked.interruptions[2].approve(arguments: "{}")]) }
            try await mode.resume(agent, model: [.text("Done")], decisions: [asked.interruptions[0].approve(), asked.interruptions[2].reject()])
        }
        #expect(run.output == "Done")
        let answers = run.requests.last?.input.filter { if case .other(let json) = $0 { json["type"] == "mcp_approval_response" } else { false } }
        #expect(answers == [Self.response("a", true), Self.response("b", false)])
    }

    @Test func a197_aLastingApprovalNeverCrossesServers() async throws {
        let run = try await inBothModes { mode in
            let asked = try await mode.run(.stub(), model: [Self.asks(Self.request("a"))])
            try await mode.resume(
                .stub(), model: [Self.asks(Self.request("b"), Self.request("c", server: "mail"))],
                decisions: asked.interruptions.map { $0.approve(always: true) })
        }
        #expect(run.interruptions.map(\.callID) == ["c"])
        #expect(run.newItems.contains(Self.response("b", true)))
    }

    @Test func aQuestionThatNobodyAnsweredIsLeftOutOfWhatALaterModelSees() {
        let events: [RunEvent] = [
            .start(RunStart(agent: "A", input: [.user("Hi")])),
            .response(turn: 1, ModelResponse(items: [.assistant("One moment"), Self.request("a")])),
        ]
        #expect(Transcript(of: events).items == [.user("Hi"), .assistant("One moment")])
    }
}
