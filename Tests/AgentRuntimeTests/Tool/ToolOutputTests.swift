import AgentTesting
import FoundationEssentials
import Testing

@testable import AgentRuntime

/// agents-sdk, what becomes of what a tool gives back.
@Suite(.timeLimit(.minutes(5))) struct ToolOutputTests {
    static let contents: [(json: JSONValue, content: [ToolContent])] = [
        (["type": "text", "text": "a"], [.text("a")]),
        (["type": "image", "image_url": "https://example.com/a.png", "detail": "low"], [.image(url: "https://example.com/a.png", detail: "low")]),
        (["type": "image", "file_id": "f1"], [.image(fileID: "f1")]),
        (["type": "file", "file_data": "AA==", "filename": "a.pdf"], [.file(data: "AA==", name: "a.pdf")]),
        (["type": "file", "file_url": "https://example.com/a.pdf"], [.file(url: "https://example.com/a.pdf")]),
        ([["type": "text", "text": "a"], ["type": "file", "file_id": "f1"]], [.text("a"), .file(fileID: "f1")]),
    ]

    @Test(arguments: contents)
    func t68_contentAndItsJSONFormAreContent(json: JSONValue, content: [ToolContent]) throws {
        #expect(try ToolOutput(json) == .content(content))
        #expect(try ToolOutput(content) == .content(content))
        if let only = content.first, content.count == 1 { #expect(try ToolOutput(only) == .content(content)) }
    }

    @Test(
        arguments: [
            ["type": "text"], ["type": "image", "detail": "low"], ["type": "file", "filename": "a"], ["type": "hologram", "text": "a"],
            [["type": "text", "text": "a"], 7], ["text": "a"], [["type": "text", "text": "a"], ["type": "image"]],
        ] as [JSONValue])
    func t68_whatIsNotWholeIsItsJSONText(json: JSONValue) throws {
        #expect(try ToolOutput(json) == .text(json.text))
    }

    @Test func t69_whatIsNoContentIsItsJSONText() throws {
        #expect(try ToolOutput([String]()) == .text("[]"))
        #expect(try ToolOutput(["a": 1]) == .text(#"{"a":1}"#))
        #expect(try ToolOutput(7) == .text("7"))
        #expect(try ToolOutput(Int?.none) == .text("null"))
        #expect(try ToolOutput(#"{"type":"text","text":"a"}"#) == .text(#"{"type":"text","text":"a"}"#))
    }

    private struct Look: Tool {
        static let summary = "Looks."
        static let effect = ToolEffect.reads
        init() {}
        func call(in run: RunContext<Void>) async throws -> [ToolContent] { [.text("See:"), .image(url: "data:image/png;base64,AA==")] }
    }

    private static let item = Item.functionCallOutput(
        .init(callID: "call_1", content: [.text("See:"), .other(["type": "input_image", "image_url": "data:image/png;base64,AA=="])]))

    @Test func t68_contentReachesTheModelThroughTheLog() async throws {
        let run = try await inBothModes { mode in
            try await mode.run(.stub(tools: [AnyTool(Look.self)]), model: [.call("look"), .text("A cat.")], session: mode.session)
        }
        #expect(run.requests.last?.input.last == Self.item)
        #expect(run.session == [.user("Hi")] + run.newItems)
        let stored = try JSONDecoder().decode([RunEvent].self, from: JSONEncoder.stable.encode(run.decided))
        #expect(RunReport(of: stored).newItems == run.newItems)
        let result = run.log.compactMap { if case .toolResult(let result) = $0 { result } else { nil } }.first
        #expect(result?.output == "See:")
    }

    @Test func t68_aResponseCarriesAListAndAChatItsTexts() throws {
        #expect(
            Self.item.json["output"] == [
                ["type": "input_text", "text": "See:"], ["type": "input_image", "image_url": "data:image/png;base64,AA=="],
            ])
        #expect(Item(Self.item.json) == Self.item)
        func message(_ item: Item) throws -> JSONValue? { try ChatMessages(instructions: nil, items: [item], model: "m").json.last?["content"] }
        #expect(try message(Self.item) == [["type": "text", "text": "See:"]])
        let picture = Item.functionCallOutput(.init(callID: "c", content: [.other(["type": "input_image", "file_id": "f1"])]))
        #expect(try message(picture) == "[tool output omitted]")
        #expect(Item(picture.json) == picture)
        #expect(Item(["type": "function_call_output", "call_id": "c", "output": [1, 2]]) == .output("[1,2]", of: "c"))
    }

    @Test func theTextsOfContentAreCutLikeOthers() async throws {
        let tool = AnyTool<Void>(
            definition: AnyTool<Void>.stub("look").definition,
            perform: { _, _ in .content([.text("12345"), .image(url: "data:image/png;base64,AAAAAAAA")]) })
        var limits = RunLimits()
        limits.toolOutput = 4
        let run = try await inBothModes { [limits] mode in
            try await mode.run(.stub(tools: [tool]), model: [.call("look"), .text("Done")], limits: limits)
        }
        guard case .functionCallOutput(let output)? = run.requests.last?.input.last else { Issue.record("no output"); return }
        #expect(output.content?.first == .text("1234\n[cut: 5 bytes, the first 4 shown]"))
        #expect(output.content?.count == 2)
    }

    @Test func r089_theLimitHoldsForAllTextsTogether() {
        let image = ToolContent.image(url: "data:image/png;base64,AAAAAAAA")
        let output = ToolOutput.content([.text("123"), image, .text("4€6"), .text("7")])
        #expect(output.cut(to: 9) == output)
        #expect(output.cut(to: 6) == .content([.text("123"), image, .text("4\n[cut: 9 bytes, the first 6 shown]")]))
        #expect(output.cut(to: 3) == .content([.text("123"), image, .text("\n[cut: 9 bytes, the first 3 shown]")]))
        #expect(ToolOutput.content([image]).cut(to: 0) == .content([image]))
    }

    @Test func t65_anErrorThatIsGivenBackIsAnOutput() async throws {
        struct Oops: Error, Encodable { var code = 7 }
        struct Try: Tool {
            static let summary = "Tries."
            init() {}
            func call(in run: RunContext<Void>) async throws -> Oops { Oops() }
        }
        let run = try await inBothModes { mode in try await mode.run(.stub(tools: [AnyTool(Try.self)]), model: [.call("try"), .text("Done")]) }
        #expect(run.newItems.contains(.output(#"{"code":7}"#, of: "call_1")))
        #expect(run.sketches.contains("tool_result call_1 ok"))
    }
}
