import Foundation
import Testing

@testable import Gateway

@Suite struct Base64URLTests {
    @Test func whatIsEncodedIsReadBack() {
        for length in 0..<70 {
            let bytes = (0..<length).map { UInt8(truncatingIfNeeded: $0 &* 37 &+ length) }
            let text = Base64URL.encode(bytes)
            let reference = Data(bytes).base64EncodedString().replacingOccurrences(of: "+", with: "-").replacingOccurrences(of: "/", with: "_")
            #expect(text == reference.filter { $0 != "=" })
            #expect(Base64URL.decode(text.utf8) == bytes)
        }
    }

    /// one value, one spelling.
    @Test(arguments: ["A", "AAAAA", "AA==", "AB", "AP", "AAB", "A A", "AA\n", "+/", "é", "AA."])
    func r016_anotherSpellingIsRefused(text: String) {
        #expect(Base64URL.decode(text.utf8) == nil)
    }
}
