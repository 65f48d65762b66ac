import AgentRuntime
import Logging
import Synchronization
import Testing

@testable import Gateway

@Suite struct LogLineTests {
    /// What a logger writes, line by line as a reader of lines takes them.
    private func lines(_ log: (Logger) -> Void) -> [String] {
        let written = Mutex<[UInt8]>([])
        var logger = Logger(label: "test") { JSONLogHandler(label: $0) { bytes in written.withLock { $0 += bytes } } }
        logger[metadataKey: "request"] = "r1"
        log(logger)
        let text = String(decoding: written.withLock { $0 }, as: UTF8.self)
        return text.split(omittingEmptySubsequences: false) { $0.isNewline }.map(String.init).dropLast()
    }

    private static let nasty = [
        "a\nb", "a\rb", "a\r\nb", "a\u{2028}b", "a\u{2029}b", "a\u{85}b", "a\u{B}b", "a\u{C}b", "a\u{1B}[2Jb", "a\u{9B}2Jb", "a\u{7F}b", "a\u{0}b",
        "a\"b\\c",
        "\n{\"level\":\"info\"}\n", "e\u{301}\u{202E}", String(repeating: "x", count: 1_000_000), String(repeating: "\u{2028}", count: 100_000),
        String(repeating: "\"", count: 20_000),
    ]

    @Test(arguments: nasty)
    func r078_anEventIsOneLineOfJSONOfAtMost16KB(text: String) throws {
        let writings: [(Logger) -> Void] = [
            { $0.info("\(text)") }, { $0.info("m", metadata: ["field": "\(text)"]) }, { $0.info("m", metadata: ["\(text)": "value"]) },
            { $0.info("m", metadata: ["list": ["\(text)", "\(text)"], "object": ["key": .stringConvertible(text)]]) },
        ]
        for write in writings {
            let lines = lines(write)
            try #require(lines.count == 1)
            #expect(lines[0].utf8.count < 16_384)
            #expect(!lines[0].unicodeScalars.contains { $0.value < 0x20 || (0x7F...0x9F).contains($0.value) || [0x2028, 0x2029].contains($0.value) })
            let json = try JSONValue(json: lines[0])
            #expect(json["request"] == "r1")
            #expect(json["level"] == "info")
            #expect(json["logger"] == "test")
            #expect(json["time"]?.string?.hasSuffix("Z") == true)
        }
    }

    @Test func r078_whatFitsComesThroughAsItIs() throws {
        for text in Self.nasty where text.utf8.count < 1_000 {
            let line = try #require(lines { $0.info("m", metadata: ["field": "\(text)"]) }.first)
            let field = try JSONValue(json: line)["field"]?.string
            #expect(field.map { Array($0.utf8) } == Array(text.utf8))
        }
    }

    @Test func r078_ofTooLongALineTheIdsStay() throws {
        var fields: Logger.Metadata = ["event": "signed_in", "user": "u1"]
        for number in 0..<2_000 { fields["field\(number)"] = "\(String(repeating: "x", count: 200))" }
        let line = try #require(lines { $0.notice("security", metadata: fields) }.first)
        let json = try JSONValue(json: line)
        #expect(json["event"] == "signed_in")
        #expect(json["user"] == "u1")
        #expect(json["message"] == "a longer line was left out")
    }
}
