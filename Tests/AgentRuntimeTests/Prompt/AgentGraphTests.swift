import AgentRuntime
import AgentTesting
import Testing

@Suite struct AgentGraphTests {
    private struct Notes: ToolModule {
        static let id = "notes"
        static let version = "1"
        let tools: [AnyTool<Void>] = [.stub("add_note"), .stub("delete_note")]
    }

    private func library(_ files: KeyValuePairs<String, String>) throws -> PromptLibrary<Void> {
        let parts = try PromptParts<Void>(modules: [Notes()], servers: [ToolSource(name: "sky", tools: [.stub("forecast")])]) { _ in ScriptedModel() }
        return try PromptLibrary(
            files: files.map { try PromptFile(id: $0, path: "\($0).md", text: "---\n\($1)\n---\nHelp.") }, parts: parts)
    }

    @Test func z253_aGraphHasNodesAndEdgesForAllThatAnAgentCanDo() throws {
        let graph = AgentGraph(
            try library([
                "desk": "name: Desk\ntools: [notes, sky]\nhosted_tools: [web_search]\nhandoffs: [expert]\nagents: [clerk]", "expert": "name: Expert",
                "clerk": "name: Clerk\ntools: [add_note]", "other": "name: Other",
            ]), from: "desk")
        #expect(
            graph.mermaid == """
                flowchart LR
                    n0["Desk"]
                    n1["Expert"]
                    n2["Clerk"]
                    n3(("start"))
                    n4(["notes<br>add_note<br>delete_note"])
                    n5[["sky<br>forecast"]]
                    n6{{"web_search"}}
                    n7(["add_note"])
                    n3 --> n0
                    n0 --> n4
                    n0 --> n5
                    n0 --> n6
                    n0 -->|calls| n2
                    n0 -.->|hands over| n1
                    n2 --> n7
                """)
        #expect(
            graph.dot == #"""
                digraph agents {
                    rankdir = LR;
                    n0 [label = "Desk", shape = box];
                    n1 [label = "Expert", shape = box];
                    n2 [label = "Clerk", shape = box];
                    n3 [label = "start", shape = circle];
                    n4 [label = "notes\nadd_note\ndelete_note", shape = ellipse];
                    n5 [label = "sky\nforecast", shape = component];
                    n6 [label = "web_search", shape = hexagon];
                    n7 [label = "add_note", shape = ellipse];
                    n3 -> n0;
                    n0 -> n4;
                    n0 -> n5;
                    n0 -> n6;
                    n0 -> n2 [label = "calls"];
                    n0 -> n1 [style = dashed, label = "hands over"];
                    n2 -> n7;
                }
                """#)
    }

    @Test func z253_agentsThatHandToEachOtherAreDrawnOnce() throws {
        let graph = AgentGraph(try library(["a": "name: A\nhandoffs: [b]", "b": "name: B\nhandoffs: [a, b]"]))
        #expect(
            graph.mermaid
                == "flowchart LR\n    n0[\"A\"]\n    n1[\"B\"]\n    n0 -.->|hands over| n1\n    n1 -.->|hands over| n0\n    n1 -.->|hands over| n1")
        let agents = Circle()
        #expect(AgentGraph(agents.first).mermaid.components(of: "[\"First\"]") == 1)
        #expect(AgentGraph(agents.first).mermaid.components(of: "-.->") == 2)
    }

    @Test func z253_whatHasOneNameIsTwoNodes() throws {
        let files = AgentGraph(try library(["a": "name: notes\ntools: [notes]\nhandoffs: [b]", "b": "name: notes"]))
        #expect(files.mermaid.components(of: "[\"notes\"]") == 2)
        #expect(files.mermaid.components(of: "n2([\"notes<br>") == 1)
        let agent = Agent<Void>.stub("start", tools: [.stub("start")], handoffs: [Handoff(to: .stub("start"))])
        #expect(AgentGraph(agent).dot.components(of: "label = \"start\"") == 4)
    }

    @Test func z253_namesMeanNothingToTheLanguages() {
        let name = "a\"]; n0 -> n1\\ & <b>#quot;`\r\n%%{é}"
        let graph = AgentGraph(Agent<Void>.stub(name))
        #expect(graph.dot.contains(#"n0 [label = "a\"]; n0 -> n1\\ & <b>#quot;`  %%{é}", shape = box];"#))
        #expect(graph.mermaid.contains("n0[\"a#34;#93;#59; n0 -#62; n1#92; #38; #60;b#62;#35;quot#59;#96;  #37;#37;#123;é#125;\"]"))
        #expect(graph.mermaid.components(of: "\n") == 3)
        let reserved = AgentGraph(Agent<Void>.stub("end", handoffs: [Handoff(to: .stub("graph")), Handoff(to: .stub("n0"))]))
        #expect(reserved.mermaid.contains("n0[\"end\"]") && reserved.mermaid.contains("n1[\"graph\"]") && reserved.mermaid.contains("n2[\"n0\"]"))
    }

    @Test func z253_aServersToolsAreOneNode() {
        var forecast = AnyTool<Void>.stub("forecast")
        forecast.origin = .mcp(server: "sky")
        var tide = AnyTool<Void>.stub("tide")
        tide.origin = .mcp(server: "sky")
        let helper = Agent<Void>.stub("Helper", tools: [tide]).asTool(description: "Helps.")
        let graph = AgentGraph(Agent<Void>.stub("A", tools: [forecast, tide, helper]))
        #expect(
            graph.mermaid
                == "flowchart LR\n    n0[\"A\"]\n    n1[[\"sky<br>forecast<br>tide\"]]\n    n2[\"Helper\"]\n    n3((\"start\"))\n    n0 --> n1\n    n0 -->|calls| n2\n    n3 --> n0"
        )
    }

    @Test func toolsAreListedByTheirSource() {
        var delete = AnyTool<Void>.stub("delete_note", effect: .external)
        delete.needsApproval = .always
        delete.definition.description = "Deletes\r\n  a note."
        let list = ToolList<Void>(modules: [Notes()], servers: [ToolSource(name: "sky", tools: [delete])])
        #expect(
            list.text == """
                notes 1
                  add_note  [reads]  Does add_note.
                  delete_note  [reads]  Does delete_note.
                sky (server)
                  delete_note  [external, asks]  Deletes a note.
                """)
        #expect(list.json.array?.first?["tools"]?.array?.first?["name"] == "add_note")
        #expect(list.json.array?.last?["tools"]?.array?.first?["needs_approval"] == true)
    }
}

/// Two agents that hand over to each other.
private struct Circle: Sendable {
    var first: Agent<Void> {
        .stub("First", handoffs: [Handoff(toAgentNamed: "Second", description: nil) { Circle().second }])
    }

    var second: Agent<Void> {
        .stub("Second", handoffs: [Handoff(toAgentNamed: "First", description: nil) { Circle().first }])
    }
}

extension String {
    /// How often the text is in this one.
    fileprivate func components(of text: String) -> Int {
        ranges(of: text).count
    }
}
