import AgentRuntime
import Testing

@Suite struct ServerSentEventTests {
    private func text(_ event: ServerSentEvent) -> String {
        String(decoding: event.encoded, as: UTF8.self)
    }

    @Test func fieldsComeInOneOrder() {
        #expect(text(ServerSentEvent(id: "7", event: "delta", data: "{}")) == "id: 7\nevent: delta\ndata: {}\n\n")
        #expect(text(ServerSentEvent(data: "a", retry: 3_000)) == "retry: 3000\ndata: a\n\n")
        #expect(text(ServerSentEvent(data: "")) == "data: \n\n")
    }

    @Test func r080_eachLineOfDataHasItsField() {
        #expect(text(ServerSentEvent(data: "a\nb\rc\r\nd\n")) == "data: a\ndata: b\ndata: c\ndata: d\ndata: \n\n")
        #expect(text(ServerSentEvent(data: "\r\n\n\r")) == "data: \ndata: \ndata: \ndata: \n\n")
    }

    @Test func r080_nothingCanBreakOutOfItsField() throws {
        let event = ServerSentEvent(id: "1\n\ndata: x\0\r", event: "a\r\ndata: y\n", data: "z\r\rdata: w\n\nid: 9")
        var parser = ServerSentEventParser()
        let received = try parser.receive(event.encoded)
        #expect(received == [ServerSentEvent(id: "1data: x", event: "adata: y", data: "z\n\ndata: w\n\nid: 9")])
    }

    @Test(arguments: ["", " ", " x", "x ", ":", "\n", "\n\n", "a\nb", "\u{FEFF}", "\u{2028}", "e\u{301}", "\0", "data: x"])
    func whatIsWrittenIsRead(data: String) throws {
        var parser = ServerSentEventParser()
        let event = ServerSentEvent(id: "1", event: "kind", data: data, retry: 5)
        let received = try parser.receive(event.encoded)
        #expect(received == [event])
        #expect(received.first.map { Array($0.data.utf8) } == Array(data.utf8))
    }

    @Test func commentsArePassedOver() throws {
        var parser = ServerSentEventParser()
        #expect(ServerSentEvent.comment("still here") == Array(":still here\n\n".utf8))
        let event = ServerSentEvent(data: "b")
        #expect(try parser.receive(ServerSentEvent.comment("a\ndata: x\r\n\r\n") + event.encoded) == [event])
    }
}
