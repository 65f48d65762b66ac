import AgentRuntime

extension FuzzTarget {
    /// What a model server streams. However its bytes are cut, the same events come out, and what they encode to is read as the same again.
    static let eventStream = FuzzTarget(
        "event-stream",
        corpus: [
            "data: {\"choices\":[{\"delta\":{\"content\":\"Milk\"}}]}\n\ndata: [DONE]\n\n",
            "event: response.output_text.delta\ndata: {\"delta\":\"x\"}\n\n: beat\n\nid: 7\nretry: 3000\ndata\ndata:two\n\n",
            "\u{FEFF}data: a\r\ndata: b\r\n\r\nid\rdata: c\r\revent:x\ndata:  d\n\n", "id: 1\0\ndata: \n\n\n\nretry: 99999999999999999999\n\n",
        ],
        words: ["data:", "data", "event: ", "id: ", "retry:", ": ", "\n\n", "\r\r", "\r\n\r\n", "\u{FEFF}", "[DONE]"]
    ) { input in
        let whole = events(of: [input[...]])
        let middle = input.isEmpty ? 0 : Int(input[0]) * input.count / 256
        guard events(of: [input[..<middle], input[middle...]]) == whole else { return "another result when it is cut at \(middle)" }
        guard input.count > 200 || events(of: input.indices.map { input[$0...$0] }) == whole else { return "another result byte by byte" }
        guard let whole else { return nil }
        // U+FFFD is longer than the byte that it stands for.
        let again = events(of: whole.map { $0.encoded[...] }, limit: 65_536)
        return again?.map(\.data) == whole.map { $0.data.lineEndsAsLF } ? nil : "its events are not read as they are written"
    }

    /// Nil when one is too long.
    private static func events(of pieces: [ArraySlice<UInt8>], limit: Int = 1_024) -> [ServerSentEvent]? {
        var parser = ServerSentEventParser(limit: limit)
        var events: [ServerSentEvent] = []
        for piece in pieces {
            guard let more = try? parser.receive(piece) else { return nil }
            events += more
        }
        return events
    }
}

extension String {
    /// With every CR, LF and CRLF as one LF.
    fileprivate var lineEndsAsLF: String {
        var bytes: [UInt8] = []
        var followsReturn = false
        for byte in utf8 {
            if byte == 0x0D || (byte == 0x0A && !followsReturn) { bytes.append(0x0A) } else if byte != 0x0A { bytes.append(byte) }
            followsReturn = byte == 0x0D
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
