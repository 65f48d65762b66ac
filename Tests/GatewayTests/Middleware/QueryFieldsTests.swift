import Testing

@testable import Gateway

@Suite struct QueryFieldsTests {
    private enum Colour: String, CaseIterable { case red, green }

    ///
    @Test(arguments: [
        ("", 50), ("limit=1", 1), ("limit=100", 100), ("limit=101", 100), ("limit=9223372036854775807", 100), ("limit=9223372036854775808", 100),
        ("limit=007", 7), ("limit=99999999999999999999999999999999999", 100),
    ])
    func r057_aLimitIsCapped(query: String, limit: Int) throws {
        #expect(try QueryFields.read(query) { $0.limit(default: 50) } == limit)
    }

    ///
    @Test(arguments: [
        "limit=0", "limit=00", "limit=-1", "limit=", "limit", "limit=1.5", "limit=1e3", "limit=NaN", "limit=%D9%A1%D9%A2", "limit=+1", "limit=1+",
        "limit=0x10",
        "limit=1&limit=2", "other=1", "limit=-9223372036854775808",
    ])
    func r057_anythingElseIsNotALimit(query: String) {
        let problem = #expect(throws: Problem.self) { try QueryFields.read(query) { $0.limit(default: 50) } }
        #expect(problem?.kind == .invalid)
        #expect(problem?.errors.count == 1)
    }

    @Test(arguments: ["q=%", "q=%1", "q=%zz", "q=%FF", "q=%C0%80", "q=%00", "%ff=1"])
    func aBadEncodingIsMalformed(query: String) {
        #expect(throws: Problem.self) { try QueryFields.read(query) { $0.text("q", 0...10) } }
    }

    @Test func textIsDecoded() throws {
        #expect(try QueryFields.read("q=a+b%20c%2B%C3%A9%26=") { $0.text("q", 0...20) } == "a b c+é&=")
        #expect(try QueryFields.read("c=red") { $0.choice("c", of: Colour.self) } == .red)
        #expect(throws: Problem.self) { try QueryFields.read("c=Red") { $0.choice("c", of: Colour.self) } }
        #expect(throws: Problem.self) { try QueryFields.read("q=abc") { $0.text("q", 0...2) } }
        #expect(try QueryFields.read("&&after=0&") { $0.cursor() } == 0)
        for query in ["after=-1", "after=x", "after=9223372036854775808", "after="] {
            #expect(throws: Problem.self) { try QueryFields.read(query) { $0.cursor() } }
        }
    }
}
