import Testing

@testable import AgentRuntime

@Suite struct ToolCallAssemblerTests {
    typealias Call = Item.FunctionCall

    struct Example: CustomTestStringConvertible {
        let testDescription: String
        let pieces: [JSONValue]
        let calls: [Call]
    }

    private static func piece(_ index: Int?, id: String? = nil, _ name: String? = nil, _ arguments: JSONValue? = nil) -> JSONValue {
        var function: [String: JSONValue] = [:]
        function["name"] = name.map(JSONValue.string)
        function["arguments"] = arguments
        var piece: [String: JSONValue] = ["function": .object(function)]
        piece["index"] = index.map(JSONValue.integer)
        piece["id"] = id.map(JSONValue.string)
        return .object(piece)
    }

    static let examples = [
        Example(
            testDescription: "pieces of two calls interleaved",
            pieces: [
                piece(0, id: "a", "add", ""), piece(1, id: "b", "list", ""), piece(0, nil, "{\"x\""), piece(1, nil, "{}"), piece(0, nil, ":1}"),
            ],
            calls: [Call(callID: "a", name: "add", arguments: #"{"x":1}"#), Call(callID: "b", name: "list", arguments: "{}")]),
        Example(
            testDescription: "an index left out",
            pieces: [piece(3, id: "b", "list", "{}"), piece(0, id: "a", "add", "{}")],
            calls: [Call(callID: "a", name: "add", arguments: "{}"), Call(callID: "b", name: "list", arguments: "{}")]),
        Example(
            testDescription: "the id with each piece",
            pieces: [piece(0, id: "a", "add", "{"), piece(0, id: "a", nil, "}")],
            calls: [Call(callID: "a", name: "add", arguments: "{}")]),
        Example(
            testDescription: "the id and the name with each piece",
            pieces: [piece(0, id: "a", "add", "{"), piece(0, id: "a", "add", "}")],
            calls: [Call(callID: "a", name: "add", arguments: "{}")]),
        Example(
            testDescription: "another id without a name goes on with the call",
            pieces: [piece(0, id: "a", "add", "{"), piece(0, id: "z", nil, "}")],
            calls: [Call(callID: "a", name: "add", arguments: "{}")]),
        Example(
            testDescription: "a name in two pieces",
            pieces: [piece(0, id: "a", "add_", nil), piece(0, nil, nil), piece(0, "todo", nil), piece(0, nil, "{}")],
            calls: [Call(callID: "a", name: "add_todo", arguments: "{}")]),
        Example(
            testDescription: "arguments that begin in the piece of the name",
            pieces: [piece(0, id: "a", "add", "{"), piece(0, nil, "\"x\":1"), piece(0, nil, "}")],
            calls: [Call(callID: "a", name: "add", arguments: #"{"x":1}"#)]),
        Example(
            testDescription: "the id after the name",
            pieces: [piece(0, "add", "{}"), piece(0, id: "a", nil, nil)],
            calls: [Call(callID: "a", name: "add", arguments: "{}")]),
        Example(
            testDescription: "whole calls without an index",
            pieces: [piece(nil, id: "a", "add", "{}"), piece(nil, id: "b", "add", "{}")],
            calls: [Call(callID: "a", name: "add", arguments: "{}"), Call(callID: "b", name: "add", arguments: "{}")]),
        Example(
            testDescription: "one index for all calls",
            pieces: [piece(0, id: "a", "add", "{"), piece(0, nil, "}"), piece(0, id: "b", "list", "{"), piece(0, nil, "}")],
            calls: [Call(callID: "a", name: "add", arguments: "{}"), Call(callID: "b", name: "list", arguments: "{}")]),
        Example(
            testDescription: "arguments as JSON in place of text",
            pieces: [piece(0, id: "a", "add", ["x": 1])],
            calls: [Call(callID: "a", name: "add", arguments: #"{"x":1}"#)]),
        Example(
            testDescription: "no arguments at all",
            pieces: [piece(0, id: "a", "list", nil), piece(0, nil, .null)],
            calls: [Call(callID: "a", name: "list", arguments: "")]),
        Example(
            testDescription: "an index beyond every count",
            pieces: [piece(Int.max, id: "a", "add", "{}"), piece(nil, id: "b", "list", "{}")],
            calls: [Call(callID: "b", name: "list", arguments: "{}"), Call(callID: "a", name: "add", arguments: "{}")]),
    ]

    private static func piece(_ index: Int?, _ name: String?, _ arguments: JSONValue?) -> JSONValue {
        piece(index, id: nil, name, arguments)
    }

    @Test(arguments: examples)
    func r107_callsArePutTogether(example: Example) throws {
        var assembler = ToolCallAssembler()
        for piece in example.pieces { try assembler.receive(piece) }
        #expect(try assembler.calls(areWhole: true) == example.calls)
    }

    @Test func r107_y237_callsWithoutIdOrNameAreFaults() throws {
        var nameless = ToolCallAssembler()
        try nameless.receive(["index": 0, "id": "a", "function": ["arguments": "{}"]])
        #expect(throws: ModelError.malformed("a call has no name")) { try nameless.calls(areWhole: true) }
        var anonymous = ToolCallAssembler()
        try anonymous.receive(["index": 0, "function": ["name": "add", "arguments": "{}"]])
        #expect(throws: ModelError.malformed("a call has no id")) { try anonymous.calls(areWhole: true) }
        var negative = ToolCallAssembler()
        #expect(throws: ModelError.malformed("a call has the index -1")) { try negative.receive(["index": -1]) }
    }

    @Test(arguments: ["", "{", "{\"a\":1", "[1]", "null", "\"x\""])
    func r107_argumentsThatAreNoObjectWereCutOff(arguments: String) throws {
        var assembler = ToolCallAssembler()
        try assembler.receive(["index": 0, "id": "a", "function": ["name": "add", "arguments": .string(arguments)]])
        #expect(throws: ModelError.lengthLimitReached) { try assembler.calls(areWhole: false) }
        #expect(try assembler.calls(areWhole: true).map(\.arguments) == [arguments])
    }
}
