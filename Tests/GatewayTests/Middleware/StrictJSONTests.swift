import AgentRuntime
import Testing

/// R-056: one dialect.
@Suite struct StrictJSONTests {
    @Test(arguments: [
        (#"{"a":[1,-2.5,1e3,true,false,null,"x"]}"#, JSONValue.object(["a": [1, -2.5, 1_000.0, true, false, nil, "x"]])),
        (" \t\r\n 0 \n", 0), (#""\"\\\/\b\f\n\r\t\u00e9\ud83c\udf32""#, .string("\"\\/\u{8}\u{C}\n\r\té🌲")), ("{}", .object([:])), ("[]", .array([])),
        ("-0", 0), ("9223372036854775807", .integer(.max)), ("-9223372036854775808", .integer(.min)),
        ("9223372036854775808", .number(9_223_372_036_854_775_808)),
        ("1.0", .number(1)), ("1e300", .number(1e300)), (#"{"a":{"a":1},"b":{"a":2}}"#, .object(["a": ["a": 1], "b": ["a": 2]])),
        ("\"é\u{2028}\"", "é\u{2028}"),
    ])
    func r056_whatIsJSONIsRead(text: String, value: JSONValue) throws {
        #expect(try JSONValue(json: text, as: .strict) == value)
    }

    @Test(arguments: [
        "{\"a\":1,}", "[1,]", "{a:1}", "{'a':1}", "[1 2]", "{\"a\" 1}", "{\"a\":}", "{\"a\"", "{", "[", "\"", "\"\\", "\"\\x\"", "\"\\u12\"",
        "\"\\u12g4\"",
        "01", "1.", ".5", "+1", "1e", "1e+", "-", "--1", "0x1", "NaN", "Infinity", "tru", "True", "nul", "nulll", "1 1", "{}{}", "{} x", "// x\n1",
        "/**/1",
        "\"a\nb\"", "\"a\tb\"", "\"\u{1}\"", "\u{A0}1", "١٢", "[1]]", "{\"a\":1}}", ",", ":",
    ])
    func r056_whatIsNotJSONIsRefused(text: String) {
        let fault = #expect(throws: JSONError.self) { try JSONValue(json: text, as: .strict) }
        guard case .syntax = fault else {
            Issue.record("\(text): \(String(describing: fault))")
            return
        }
    }

    @Test func r056_whatReadersDisagreeAboutIsRefused() {
        let utf16 = "{\"a\":1}".utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
        let cases: [([UInt8], JSONError)] = [
            ([], .empty), (Array(" \n".utf8), .empty), ([0xEF, 0xBB, 0xBF, 0x7B, 0x7D], .byteOrderMark), ([0xFF, 0xFE] + utf16, .notUTF8),
            (Array("\"".utf8) + [0xC0, 0x80] + Array("\"".utf8), .notUTF8), (Array("\"".utf8) + [0xED, 0xA0, 0x80] + Array("\"".utf8), .notUTF8),
            ([0x22, 0xFF, 0x22], .notUTF8), (Array(#"{"a":1,"a":1}"#.utf8), .repeatedKey), (Array(#"{"a":1,"\u0061":2}"#.utf8), .repeatedKey),
            (Array("[{\"b\":{\"é\":1,\"e\u{301}\":2}}]".utf8), .repeatedKey), (Array(#""\u0000""#.utf8), .holdsNUL), ([0x22, 0, 0x22], .holdsNUL),
            (Array(#""\ud800""#.utf8), .loneSurrogate), (Array(#""\udc00""#.utf8), .loneSurrogate), (Array(#""\ud800\ud800""#.utf8), .loneSurrogate),
            (Array(#""\ud800x""#.utf8), .loneSurrogate), (Array("1e999".utf8), .numberOutOfRange), (Array("-1e999".utf8), .numberOutOfRange),
        ]
        for (bytes, fault) in cases { #expect(throws: fault) { try JSONValue(json: bytes, as: .strict) } }
        #expect(throws: JSONError.self) { try JSONValue(json: utf16, as: .strict) }
    }

    @Test func r056_nestingEndsAtThirtyTwo() throws {
        func nested(_ depth: Int) -> [UInt8] { Array((String(repeating: "[", count: depth) + String(repeating: "]", count: depth)).utf8) }
        _ = try JSONValue(json: nested(32), as: .strict)
        for depth in [33, 513, 100_000] { #expect(throws: JSONError.tooDeep(limit: 32)) { try JSONValue(json: nested(depth), as: .strict) } }
        let objects = Array((String(repeating: "{\"a\":", count: 33) + "1" + String(repeating: "}", count: 33)).utf8)
        #expect(throws: JSONError.tooDeep(limit: 32)) { try JSONValue(json: objects, as: .strict) }
    }

    /// Every prefix of a text is refused or read, and none ends the process.
    @Test func r056_noPrefixIsTrouble() {
        let bytes = Array(#" {"a\u00e9\ud83c\udf32":[1.5e-3,-0,true,null,{"b":"\\"}]} "#.utf8)
        let read = (0...bytes.count).filter { (try? JSONValue(json: bytes.prefix($0), as: .strict)) != nil }
        #expect(read == [bytes.count - 1, bytes.count])
    }
}
