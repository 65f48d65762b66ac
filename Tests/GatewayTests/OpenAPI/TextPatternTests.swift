import AgentRuntime
import Foundation
import Persistence
import Testing

@testable import Gateway

/// What the description says of texts is what is taken.
@Suite struct TextPatternTests {
    private static let scalars = (0x0001...0xFFFF).compactMap { Unicode.Scalar($0) }

    @Test func whatIsBlankHereIsBlankInTheDescription() throws {
        let pattern = try NSRegularExpression(pattern: APISchema.TextPattern.notBlank.rawValue)
        for scalar in Self.scalars {
            #expect(pattern.takes("\(scalar)") == !scalar.properties.isWhitespace, "U+\(String(scalar.value, radix: 16))")
        }
        #expect(pattern.takes("\r\n a \u{85}") && !pattern.takes("\r\n \u{85}") && !pattern.takes("a\u{0}"))
    }

    @Test func aLineIsNotBlankAndHasNoControlCharacter() throws {
        let pattern = try NSRegularExpression(pattern: APISchema.TextPattern.line.rawValue)
        for scalar in Self.scalars {
            let isControl = scalar.properties.generalCategory == .control
            #expect(pattern.takes("\(scalar)") == !(isControl || scalar.properties.isWhitespace), "U+\(String(scalar.value, radix: 16))")
            #expect(pattern.takes("a\(scalar)b") == !isControl, "U+\(String(scalar.value, radix: 16))")
        }
    }

    @Test(arguments: [
        ("1.a", true), ("-85495505.🏻æ", true), ("1.", true), ("999999999999999999.x", true), ("1.\(String(repeating: "é", count: 80))", true),
        ("1.\(String(repeating: "e", count: 81))", false), ("9999999999999999999.x", false), ("+1.x", false), ("١.x", false), ("-.x", false),
        ("1", false),
        (".x", false), ("1.x.y", false), ("1.x\u{0}", false), ("", false),
    ]) func aCursorIsTakenAsDescribed(text: String, isTaken: Bool) throws {
        let described = try #require(APIOperation.listConversations.parameters.first { $0.name == "after" }?.schema["pattern"]?.string)
        #expect(try NSRegularExpression(pattern: described).takes(text) == isTaken)
        #expect((ConversationList.Cursor(text) != nil) == isTaken)
    }
}

extension NSRegularExpression {
    fileprivate func takes(_ text: String) -> Bool {
        firstMatch(in: text, range: NSRange(location: 0, length: text.utf16.count)) != nil
    }
}
