import Testing

@testable import AgentRuntime

@Suite struct ChatMessagesTests {
    private func messages(_ items: [Item], instructions: String? = nil) throws -> JSONValue {
        .array(try ChatMessages(instructions: instructions, items: items, model: "m").json)
    }

    private func call(_ id: String, _ name: String = "add", _ arguments: String = "{}") -> JSONValue {
        ["id": .string(id), "type": "function", "function": ["name": .string(name), "arguments": .string(arguments)]]
    }

    @Test func y236_instructionsAreTheFirstSystemMessage() throws {
        #expect(
            try messages([.user("Hi")], instructions: "Be brief.") == [
                ["role": "system", "content": "Be brief."], ["role": "user", "content": "Hi"],
            ])
    }

    @Test func y236_theCallsOfOneTurnAreOneMessageWithItsText() throws {
        let items: [Item] = [
            .user("Hi"), .assistant("Wait."), .call("add", "", id: "c1"), .call("list", "{\"a\":1}", id: "c2"), .output("1", of: "c1"),
            .output("2", of: "c2"), .assistant("Done."),
        ]
        #expect(
            try messages(items) == [
                ["role": "user", "content": "Hi"],
                ["role": "assistant", "content": "Wait.", "tool_calls": [call("c1"), call("c2", "list", "{\"a\":1}")]],
                ["role": "tool", "tool_call_id": "c1", "content": "1"], ["role": "tool", "tool_call_id": "c2", "content": "2"],
                ["role": "assistant", "content": "Done."],
            ])
    }

    @Test func y236_textAfterTheCallsOfItsTurnJoinsThem() throws {
        #expect(
            try messages([.call("add", "{}", id: "c1"), .assistant("Adding."), .output("1", of: "c1")]) == [
                ["role": "assistant", "content": "Adding.", "tool_calls": [call("c1")]], ["role": "tool", "tool_call_id": "c1", "content": "1"],
            ])
    }

    @Test func y236_callsOfDifferentTurnsAreDifferentMessages() throws {
        #expect(
            try messages([.call("add", "{}", id: "c1"), .output("1", of: "c1"), .call("add", "{}", id: "c2"), .output("2", of: "c2")]) == [
                ["role": "assistant", "content": nil, "tool_calls": [call("c1")]], ["role": "tool", "tool_call_id": "c1", "content": "1"],
                ["role": "assistant", "content": nil, "tool_calls": [call("c2")]], ["role": "tool", "tool_call_id": "c2", "content": "2"],
            ])
    }

    @Test func twoTextsAreTwoMessages() throws {
        #expect(
            try messages([.assistant("a"), .assistant("b")]) == [["role": "assistant", "content": "a"], ["role": "assistant", "content": "b"]])
    }

    @Test func y236_partsOfATextAreJoinedByLines() throws {
        let message = Item.Message(role: .assistant, content: [.text("a"), .text("b"), .refusal("no")])
        #expect(try messages([.message(message)]) == [["role": "assistant", "content": "a\nb", "refusal": "no"]])
    }

    @Test func y248_reasoningGoesBackToItsModelWithItsCalls() throws {
        func reasoning(of model: String, in key: String = "summary") -> Item {
            .other(["type": "reasoning", "\(key)": [["type": "reasoning_text", "text": "Hm"]], "provider_data": ["model": .string(model)]])
        }
        #expect(
            try messages([reasoning(of: "m"), .call("add", "{}", id: "c1")]) == [
                ["role": "assistant", "content": nil, "tool_calls": [call("c1")], "reasoning_content": "Hm"]
            ])
        #expect(
            try messages([reasoning(of: "m", in: "content"), .call("add", "{}", id: "c1")])
                == messages([reasoning(of: "m"), .call("add", "{}", id: "c1")]))
        #expect(try messages([reasoning(of: "m"), .assistant("a")]) == [["role": "assistant", "content": "a"]])
        #expect(
            try messages([reasoning(of: "other"), .call("add", "{}", id: "c1")]) == [
                ["role": "assistant", "content": nil, "tool_calls": [call("c1")]]
            ])
        #expect(
            try messages([.other(["type": "reasoning", "id": "rs_1", "summary": []]), .assistant("a")]) == [["role": "assistant", "content": "a"]])
    }

    @Test func y236_imagesAndFilesHaveTheirOwnParts() throws {
        let message = Item.Message(
            role: .user,
            content: [
                .text("See"), .other(["type": "input_image", "image_url": "data:image/png;base64,AA==", "detail": "low"]),
                .other(["type": "input_file", "file_id": "f1"]),
            ])
        #expect(
            try messages([.message(message)]) == [
                [
                    "role": "user",
                    "content": [
                        ["type": "text", "text": "See"], ["type": "image_url", "image_url": ["url": "data:image/png;base64,AA==", "detail": "low"]],
                        ["type": "file", "file": ["file_id": "f1"]],
                    ],
                ]
            ])
    }

    @Test func y236_whatCannotBeCarriedIsRefused() throws {
        #expect(throws: RunError.user("The Chat Completions API cannot carry an item of type 'compaction'.")) {
            try messages([.other(["type": "compaction"])])
        }
        #expect(throws: RunError.user("The Chat Completions API cannot carry content of type 'hologram'.")) {
            try messages([.message(Item.Message(role: .user, content: [.other(["type": "hologram"])]))])
        }
        #expect(try messages([.other(["type": "web_search_call", "id": "ws_1"]), .assistant("a")]) == [["role": "assistant", "content": "a"]])
    }
}
