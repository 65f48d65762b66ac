import AgentRuntime
import AgentTesting
import Testing

@Suite struct PromptFileTests {
    private struct Notes: ToolModule {
        static let id = "notes"
        static let version = "3"
        let tools: [AnyTool<Void>] = [.stub("add_note"), .stub("delete_note")]
    }

    private func library(_ lines: String...) throws -> PromptLibrary<Void> {
        let text = (["---"] + lines + ["---", "Help."]).joined(separator: "\n")
        let parts = try PromptParts<Void>(modules: [Notes()]) { _ in ScriptedModel() }
        return try PromptLibrary(files: [PromptFile(id: "a", path: "a.md", text: text)], parts: parts)
    }

    @Test func anOutputSchemaIsMadeStrict() throws {
        let type = try library(
            "output_schema:", "  properties:", "    kind: {enum: [a, \"1\"]}", "    count: {type: integer, minimum: 1}",
            "    rate: {type: number, maximum: 0.5}"
        ).agent("a")?.outputType
        let properties: JSONValue = [
            "kind": ["enum": ["a", "1"]], "count": ["type": "integer", "minimum": 1], "rate": ["type": "number", "maximum": 0.5],
        ]
        #expect(
            type?.format.schema == [
                "type": "object", "properties": properties, "required": ["count", "kind", "rate"], "additionalProperties": false,
            ])
    }

    @Test func anOutputSchemaThatCannotBeStrictIsRefusedWithItsLine() {
        #expect {
            try library("name: A", "output_schema:", "  type: object", "  additionalProperties: true")
        } throws: {
            String(describing: $0)
                == "a.md:4: 'output_schema' cannot be used: #: an object of a strict schema must not allow further properties."
        }
        #expect { try library("output_schema: [1]") } throws: { String(describing: $0).contains("a schema is an object") }
    }

    @Test func theNamedToolsWaitForAPerson() throws {
        let tools = try library("tools: [notes]", "needs_approval: [delete_note]").agent("a")?.tools ?? []
        let waits = tools.map { if case .always = $0.needsApproval { true } else { false } }
        #expect(waits == [false, true])
        #expect(tools.map(\.version) == ["3", "3"])
        #expect { try library("tools: [add_note]", "needs_approval: [delete_note]") } throws: {
            String(describing: $0) == "a.md:3: unknown tool of the agent in 'needs_approval' 'delete_note'. Known: add_note."
        }
    }
}
