import AgentRuntime
import AgentTesting
import Testing

@Suite struct ServerSentEventParserTests {
    private static func events(_ bytes: [UInt8]) throws -> [ServerSentEvent] {
        var parser = ServerSentEventParser()
        return try parser.receive(bytes)
    }

    private static func events(_ text: String) throws -> [ServerSentEvent] {
        try events(Array(text.utf8))
    }

    /// The examples and the corners of https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation
    private static let table: [(stream: String, events: [ServerSentEvent])] = [
        ("data: This is the first.\n\ndata: second,\ndata: two lines\n\n", [event("This is the first."), event("second,\ntwo lines")]),
        ("event: add\ndata: 73857293\n\nevent: remove\ndata: 2153\n\n", [event("73857293", "add"), event("2153", "remove")]),
        ("data: YHOO\ndata: +2\ndata: 10\n\n", [event("YHOO\n+2\n10")]),
        (
            ": test stream\n\ndata: first event\nid: 1\n\ndata:second event\nid\n\ndata:  third event\n\n",
            [event("first event", id: "1"), event("second event"), event(" third event")]
        ),
        ("data\n\ndata\ndata\n\ndata:", [event(""), event("\n")]),
        ("data:test\n\ndata: test\n\n", [event("test"), event("test")]),
        // Line ends.
        ("data: a\r\rdata: b\r\r", [event("a"), event("b")]),
        ("data: a\r\n\r\ndata: b\r\n\r\n", [event("a"), event("b")]),
        ("data: a\ndata: b\rdata: c\r\n\r\n", [event("a\nb\nc")]),
        ("data: a\n\r\ndata: b\r\n\n", [event("a"), event("b")]),
        ("data: a\r\n\ndata: b\n\r", [event("a"), event("b")]),
        // Ends without an empty line.
        ("data: lost", []),
        ("data: lost\n", []),
        ("data: kept\n\ndata: lost\nid: 9\n", [event("kept")]),
        // Comments, unknown fields, field names are exact.
        (":\n: data: x\n\nfoo: bar\nDATA: x\n data: x\ndata : x\n\n", []),
        ("data: a\n: comment\ndata: b\n\n", [event("a\nb")]),
        ("data: a:b: c\n\n", [event("a:b: c")]),
        ("data:\ta\n\n", [event("\ta")]),
        // An event without data is none, and its type does not stay.
        ("event: x\n\ndata: a\n\n", [event("a")]),
        ("event: x\ndata: a\n\ndata: b\n\n", [event("a", "x"), event("b")]),
        ("event: x\nevent:\ndata: a\n\n", [event("a")]),
        // Ids stay until the next, also those of events without data; an empty one ends it, one with NUL is no id.
        ("id: 1\ndata: a\n\ndata: b\n\n", [event("a", id: "1"), event("b", id: "1")]),
        ("id: 7\n\ndata: a\n\n", [event("a", id: "7")]),
        ("id: 1\ndata: a\n\nid:\ndata: b\n\n", [event("a", id: "1"), event("b")]),
        ("id: 1\nid: 2\0\ndata: a\n\n", [event("a", id: "1")]),
        ("id:  1 \ndata: a\n\n", [event("a", id: " 1 ")]),
        // Retry takes ASCII digits.
        ("retry: 1000\ndata: a\n\ndata: b\n\n", [event("a", retry: 1_000), event("b")]),
        ("retry: 1e3\nretry: -1\nretry: +1\nretry:\nretry: \u{0661}\nretry: 1 \ndata: a\n\n", [event("a")]),
        ("retry: 99999999999999999999\ndata: a\n\n", [event("a")]),
        // A byte order mark at the start, and only there.
        ("\u{FEFF}data: a\n\ndata: \u{FEFF}b\n\n\u{FEFF}data: c\n\n", [event("a"), event("\u{FEFF}b")]),
        ("\u{FEFF}\u{FEFF}data: a\n\ndata: b\n\n", [event("b")]),
        // Text beyond ASCII, and what only looks like a line end.
        ("data: \u{1F469}\u{200D}\u{1F469} e\u{301}\n\n", [event("\u{1F469}\u{200D}\u{1F469} e\u{301}")]),
        ("data: \u{85}\u{2028}\u{2029}\u{0B}\u{0C}\n\n", [event("\u{85}\u{2028}\u{2029}\u{0B}\u{0C}")]),
        ("event: \u{20AC}\nid: \u{20AC}\ndata: a\n\n", [event("a", "\u{20AC}", id: "\u{20AC}")]),
        ("data: a\0b\n\n", [event("a\0b")]),
        ("", []), ("\n\n\n", []), ("\r\n\r\n", []),
    ]

    private static func event(_ data: String, _ event: String = "message", id: String? = nil, retry: Int? = nil) -> ServerSentEvent {
        ServerSentEvent(id: id, event: event, data: data, retry: retry)
    }

    @Test(arguments: table) func r105_streamsMeanWhatTheSpecificationSays(stream: String, expected: [ServerSentEvent]) throws {
        let events = try Self.events(stream)
        #expect(events == expected)
        #expect(events.map { Array($0.data.utf8) } == expected.map { Array($0.data.utf8) })
    }

    @Test(arguments: table) func r105_aStreamCutAnywhereIsTheSameStream(stream: String, expected: [ServerSentEvent]) throws {
        let bytes = Array(stream.utf8)
        for cut in 0...bytes.count {
            var parser = ServerSentEventParser()
            let events = try parser.receive(bytes[..<cut]) + parser.receive(bytes[cut...])
            #expect(events == expected, "cut at \(cut)")
        }
    }

    @Test func r105_aStreamInAnyPiecesIsTheSameStream() throws {
        let bytes = Self.table.flatMap { Array("\n\n".utf8) + Array($0.stream.utf8) }
        let whole = try Self.events(bytes)
        #expect(whole.count > 30)
        var random = SeededGenerator(seed: 11)
        for round in 0..<300 {
            var parser = ServerSentEventParser()
            var events: [ServerSentEvent] = []
            var rest = bytes[...]
            while !rest.isEmpty {
                let length = round == 0 ? 1 : Int.random(in: 0...(round % 40 + 1), using: &random)
                events += try parser.receive(rest.prefix(length))
                rest = rest.dropFirst(length)
            }
            #expect(events == whole, "round \(round)")
        }
    }

    /// Each byte soup gives the same events however it is cut, and never traps.
    @Test func r105_bytesThatMeanNothingAreReadTheSameInAnyPieces() throws {
        let alphabet = Array("\r\n\r\n:: \0dataevntiry019\u{FEFF}\u{20AC}".utf8) + [0xFF, 0xC0, 0xE2, 0xF0]
        var random = SeededGenerator(seed: 5)
        for round in 0..<500 {
            var soup = (0..<200).map { _ in alphabet[Int.random(in: 0..<alphabet.count, using: &random)] }
            if round % 2 == 0 { soup = soup.flatMap { $0 == UInt8(ascii: "d") ? Array("\ndata:".utf8) : [$0] } }
            var parser = ServerSentEventParser()
            let single = try soup.flatMap { try parser.receive(CollectionOfOne($0)) }
            #expect(try Self.events(soup) == single, "round \(round)")
        }
    }

    /// The last id counts from the end of its event: https://html.spec.whatwg.org/multipage/server-sent-events.html#dispatchMessage
    @Test func theLastIDAndTheReconnectionTimeAreKept() throws {
        var parser = ServerSentEventParser()
        _ = try parser.receive("id: 4\nretry: 250\n".utf8)
        #expect(parser.lastEventID == "")
        #expect(parser.reconnectionTime == 250)
        _ = try parser.receive("\n".utf8)
        #expect(parser.lastEventID == "4")
    }

    /// One U+FFFD for each maximal part: https://encoding.spec.whatwg.org/#utf-8-decoder
    @Test(arguments: [
        ([0xFF], "\u{FFFD}"), ([0xC0, 0xAF], "\u{FFFD}\u{FFFD}"), ([0xE2, 0x82], "\u{FFFD}"), ([0xF0, 0x9F, 0x98, 0x41], "\u{FFFD}A"),
        ([0xED, 0xA0, 0x80], "\u{FFFD}\u{FFFD}\u{FFFD}"), ([0xF4, 0x90, 0x80, 0x80], "\u{FFFD}\u{FFFD}\u{FFFD}\u{FFFD}"),
        ([0x80, 0x41], "\u{FFFD}A"), ([0xE2, 0x28, 0xA1], "\u{FFFD}(\u{FFFD}"),
    ])
    func r106_invalidUTF8IsReplaced(bytes: [UInt8], expected: String) throws {
        let stream = Array("data: ".utf8) + bytes + Array("\n\ndata: ok\n\n".utf8)
        #expect(try Self.events(stream).map(\.data) == [expected, "ok"])
    }

    @Test func r106_aLineWithoutAnEndIsRefusedBeforeItFillsTheMemory() throws {
        var parser = ServerSentEventParser(limit: 1_000)
        let piece = [UInt8](repeating: UInt8(ascii: "x"), count: 100)
        for _ in 1...10 { #expect(try parser.receive(piece).isEmpty) }
        #expect(throws: ServerSentEventParser.EventTooLong(limit: 1_000)) { try parser.receive(piece) }
        #expect(throws: ServerSentEventParser.EventTooLong(limit: 1_000)) { try parser.receive("\n\ndata: x\n\n".utf8) }
    }

    @Test func r106_anEventOfManyLinesIsRefusedToo() throws {
        var parser = ServerSentEventParser(limit: 1_000)
        #expect(throws: ServerSentEventParser.EventTooLong(limit: 1_000)) {
            for _ in 1...1_000 { _ = try parser.receive("data: x\n".utf8) }
        }
    }

    @Test func manyEventsUnderTheLimitAreNotOneOverIt() throws {
        var parser = ServerSentEventParser(limit: 20)
        for _ in 1...100 {
            #expect(try parser.receive("data: 0123456789\n\n: comment\n\n".utf8).map(\.data) == ["0123456789"])
        }
    }
}
