import AgentRuntime
import Testing

@Suite struct ItemTests {
    @Test(arguments: [
        Item.user("Hi"), .assistant("Hello"), .call("add", "{not json", id: "c1"), .output("{\"a\":1}", of: "c1"),
        .other(["type": "reasoning", "id": "rs_1", "summary": [["type": "summary_text", "text": "Hm"]]]), .other(7),
        .message(Item.Message(role: .assistant, content: [.refusal("No")], id: "msg_1")),
        .message(Item.Message(role: .user, content: [.text("See"), .other(["type": "input_image", "image_url": "x"])])),
    ])
    func anItemComesBackAsItWas(item: Item) throws {
        #expect(Item(item.json) == item)
        #expect(try JSONValue(json: item.json.text) == item.json)
    }

    @Test func theShortMessageIsUnderstood() {
        #expect(Item(["role": "user", "content": "Hi"]) == .user("Hi"))
        #expect(Item(["role": "assistant", "content": [["type": "output_text", "text": "a", "annotations": []]]]) == .assistant("a"))
    }

    @Test(
        arguments: [
            (JSONValue.null, ""), ("{}", "{}"), (["a": 1], "{\"a\":1}"), ([1, 2], "[1,2]"), (true, "true"),
        ] as [(JSONValue, String)])
    func argumentsAreText(arguments: JSONValue, text: String) {
        let item = Item(["type": "function_call", "call_id": "c1", "name": "add", "arguments": arguments])
        #expect(item == .call("add", text, id: "c1"))
    }
}
