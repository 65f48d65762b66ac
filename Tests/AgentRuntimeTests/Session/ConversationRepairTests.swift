import Testing

@testable import AgentRuntime

/// What a provider would refuse is taken out of a conversation, and nothing else.
@Suite struct ConversationRepairTests {
    private func reasoning(_ id: String, _ text: String = "") -> Item {
        .other(["type": "reasoning", "id": .string(id), "summary": [.string(text)]])
    }

    private func message(_ text: String, id: String) -> Item {
        .message(Item.Message(role: .assistant, content: [.text(text)], id: id))
    }

    @Test func aWholeConversationStaysAsItIs() {
        let items: [Item] = [
            .user("Hi"), .user("Hi"), reasoning("rs_1"), .call("add", "{}", id: "a"), .call("add", "[]", id: "b"), .output("1", of: "a"),
            .output("2", of: "b"), reasoning("rs_2"), message("Done", id: "m_1"), .user("More"), .assistant("Done"), .assistant("Done"),
        ]
        #expect(ConversationRepair.repaired(items) == items)
    }

    @Test func ofOneIDTheLatestCounts() {
        #expect(
            ConversationRepair.repaired([message("Old", id: "m_1"), .user("Hi"), message("New", id: "m_1")]) == [
                .user("Hi"), message("New", id: "m_1"),
            ])
        let placeholders = [message("One", id: "__fake_id__"), message("Two", id: "__fake_id__")]
        #expect(ConversationRepair.repaired(placeholders) == placeholders)
    }

    @Test func aCallThatWasKeptTwiceIsOneCall() {
        let call = Item.functionCall(Item.FunctionCall(callID: "a", name: "add", arguments: "{}", id: "fc_1"))
        let pair: [Item] = [call, .output("1", of: "a")]
        let newest: [Item] = [.user("Hi"), call, .output("2", of: "a")]
        #expect(ConversationRepair.repaired(pair + newest) == newest)
        #expect(ConversationRepair.repaired(pair + [call]) == pair)
        #expect(ConversationRepair.repaired([call] + pair) == pair)
    }

    /// Some servers count the calls of each response from 0.
    @Test func aCallIDThatIsUsedAgainIsAnotherCall() {
        let items: [Item] = [.call("add", "1", id: "0"), .output("one", of: "0"), .call("add", "2", id: "0"), .output("two", of: "0")]
        #expect(ConversationRepair.repaired(items + [.user("Again")] + items) == items + [.user("Again")] + items)
    }

    @Test func reasoningGoesWithWhatItLedTo() {
        #expect(ConversationRepair.repaired([.user("Hi"), reasoning("rs_1")]) == [.user("Hi")])
        #expect(ConversationRepair.repaired([reasoning("rs_1"), .call("add", "", id: "a"), .user("Hi")]) == [.user("Hi")])
        let rest: [Item] = [reasoning("rs_2"), .assistant("Done")]
        #expect(ConversationRepair.repaired([reasoning("rs_1"), .call("add", "", id: "a")] + rest) == rest)
        let answered: [Item] = [.call("add", "", id: "b"), .output("", of: "b")]
        #expect(ConversationRepair.repaired([reasoning("rs_1"), .call("add", "", id: "a")] + answered) == [reasoning("rs_1")] + answered)
    }

    @Test func callsThatTheProgramCarriesOutOtherwiseArePairsToo() {
        let call = Item.other(["type": "shell_call", "call_id": "s", "id": "sh_1"])
        let output = Item.other(["type": "shell_call_output", "call_id": "s"])
        #expect(ConversationRepair.repaired([call, output]) == [call, output])
        #expect(ConversationRepair.repaired([call, .user("Hi")]) == [.user("Hi")])
        #expect(ConversationRepair.repaired([output, .user("Hi")]) == [.user("Hi")])
        let search = Item.other(["type": "web_search_call", "id": "ws_1"])
        #expect(ConversationRepair.repaired([search]) == [search])
    }
}
