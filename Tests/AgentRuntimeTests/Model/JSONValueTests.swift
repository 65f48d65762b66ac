import AgentTesting
import FoundationEssentials
import Testing

@testable import AgentRuntime

@Suite struct JSONValueTests {
    /// What Foundation makes of a text.
    private func reference(_ text: String) -> JSONValue? {
        try? JSONDecoder().decode(JSONValue.self, from: Data(text.utf8))
    }

    @Test(arguments: [
        "null", "true", " false ", "0", "-0", "12", "-7", "1.5", "-0.25", "1e2", "1E+2", "25e-1", "1.0", "9223372036854775807", "9223372036854775808",
        "-9223372036854775808", "1e300", "123456789012345678901234567890", "\"\"", "\"a\"", "\"é🌍\"", #""\"\\\/\b\f\n\r\t""#, #""\u00e9\u0000x""#,
        #""\ud83c\udf0d""#, "[]", "[ ]", "[1,\n2 ,[3]]", "{}", "{ }", #"{"a":1,"b":{"c":[null,true]}}"#, #"{ "a" : 1 , "" : 2 }"#, "\"\u{7F}\"",
        "\t\r\n 1",
    ])
    func textsAreReadAsFoundationReadsThem(text: String) throws {
        let expected = try #require(reference(text))
        #expect(try JSONValue(json: text) == expected)
    }

    @Test(arguments: [
        "", " ", "nul", "nulll", "True", "01", "-", "-a", "1.", ".5", "1e", "1e+", "+1", "0x10", "NaN", "Infinity", "1e999", "\"", "\"a", "\"\\x\"",
        "\"\\u12\"", "\"\\u12g4\"", #""\ud83c""#, #""\ud83cx""#, #""\ud83cA""#, #""\udf0d""#, "\"a\nb\"", "\"\u{0}\"", "[", "[1", "[1,", "[1,]",
        "[,1]", "[1 2]", "{", "{\"a\"", "{\"a\":", "{\"a\":1", "{\"a\":1,", "{\"a\":1,}", "{a:1}", "{\"a\" 1}", "{1:2}", "1 2", "[]]", "'a'", "\"\\",
        "\"\\u", "tru", "t", "f", "n",
    ])
    func whatIsNoJSONIsRefused(text: String) {
        #expect(throws: JSONError.self) { try JSONValue(json: text) }
    }

    @Test func bytesThatAreNoTextAreRefused() {
        for bytes: [UInt8] in [[0x22, 0xFF, 0x22], [0x22, 0xC3, 0x22], [0x22, 0xED, 0xA0, 0x80, 0x22], [0x22, 0x5C, 0x6E, 0xFF, 0x22], [0xFF]] {
            #expect(throws: JSONError.self) { try JSONValue(json: bytes) }
        }
    }

    @Test func nestingHasAnEnd() throws {
        #expect(throws: Never.self) { try JSONValue(json: String(repeating: "[", count: 512) + String(repeating: "]", count: 512)) }
        #expect(throws: JSONError.self) { try JSONValue(json: String(repeating: "[", count: 100_000)) }
        #expect(throws: JSONError.self) { try JSONValue(json: String(repeating: "{\"a\":", count: 100_000)) }
    }

    @Test func theLastOfEqualNamesCounts() throws {
        #expect(try JSONValue(json: #"{"a":1,"a":2}"#) == ["a": 2])
    }

    @Test func everyCutOfATextIsRefusedOrReadWhole() throws {
        let text = Array(#"{"a":[1.5e3,"é\u00e9\n"],"b":{"c":null,"d":true}}"#.utf8)
        for count in 0..<text.count {
            #expect(throws: JSONError.self) { try JSONValue(json: text.prefix(count)) }
        }
    }

    @Test func whatIsWrittenIsReadAgainByUsAndByFoundation() throws {
        var generator = SeededGenerator(seed: 11)
        for _ in 0..<500 {
            let value = JSONValue.random(depth: 4, using: &generator)
            #expect(try JSONValue(json: value.text) == value)
            #expect(reference(value.text) == value)
            #expect(try JSONEncoder.stable.encode(value) == value.data)
        }
    }

    @Test func changedTextsAreReadAsFoundationReadsThemOrRefused() throws {
        var generator = SeededGenerator(seed: 12)
        for _ in 0..<2_000 {
            var text = JSONValue.random(depth: 3, using: &generator).bytes
            guard let place = text.indices.randomElement(using: &generator) else { continue }
            text[place] = Array("{}[]\",:\\ 0e.-un".utf8).randomElement(using: &generator) ?? 0
            guard let value = try? JSONValue(json: text) else { continue }
            #expect(reference(String(decoding: text, as: UTF8.self)) == value)
        }
    }

    @Test func numbersThatJSONDoesNotHaveAreNull() {
        #expect(JSONValue.array([.number(.nan), .number(.infinity), 1.5]).text == "[null,null,1.5]")
        #expect(JSONValue.number(2).text == "2")
    }
}

extension JSONValue {
    fileprivate static func random(depth: Int, using generator: inout SeededGenerator) -> JSONValue {
        switch Int.random(in: 0...(depth > 0 ? 7 : 5), using: &generator) {
        case 0: .null
        case 1: .bool(.random(using: &generator))
        case 2: .integer(Int(truncatingIfNeeded: generator.next()))
        case 3: .integer(.random(in: -9...9, using: &generator))
        case 4: .number(Double(Int.random(in: -999...999, using: &generator)) / 8 + 0.0625)
        case 5: .string(text(using: &generator))
        case 6: .array((0..<Int.random(in: 0...4, using: &generator)).map { _ in random(depth: depth - 1, using: &generator) })
        default:
            .object(
                Dictionary(
                    (0..<Int.random(in: 0...4, using: &generator)).map { _ in (text(using: &generator), random(depth: depth - 1, using: &generator))
                    },
                    uniquingKeysWith: { $1 }))
        }
    }

    private static func text(using generator: inout SeededGenerator) -> String {
        let alphabet = Array("abcXYZ019_ -/\\\"\n\r\t\u{8}\u{c}\u{1}\u{7f}éß🌍漢")
        return String((0..<Int.random(in: 0...8, using: &generator)).compactMap { _ in alphabet.randomElement(using: &generator) })
    }
}
