import AgentRuntime
import Testing

@Suite struct TransportHeadersTests {
    @Test func namesAreTheSameInAnyCase() {
        var headers: TransportHeaders = ["Content-Type": "a", "X-A": "1", "x-a": "2"]
        #expect(headers["content-TYPE"] == "a")
        #expect(headers.values(for: "X-A") == ["1", "2"])
        headers["X-a"] = "3"
        #expect(headers.values(for: "x-a") == ["3"])
        headers["content-type"] = nil
        #expect(headers.fields == [TransportHeaders.Field(name: "X-a", value: "3")])
    }

    /// K is KELVIN SIGN, which Unicode lower-cases to k; header names know ASCII only.
    @Test func onlyASCIILettersHaveCase() {
        #expect(TransportHeaders(dictionaryLiteral: ("\u{212A}ey", "1"))["Key"] == nil)
        #expect(TransportHeaders(dictionaryLiteral: ("A[", "1"))["a{"] == nil)
    }

    @Test func valuesAreNeverDescribed() {
        let headers: TransportHeaders = ["Authorization": "Bearer canary"]
        let request = TransportRequest(url: "https://host/?key=canary", headers: headers, body: Array("canary".utf8))
        let configuration = CurlTransport.Configuration(proxy: "http://user:canary@127.0.0.1")
        for value in [headers, headers.fields, request, configuration, Optional(request)] as [Any?] {
            var text = String(describing: value) + String(reflecting: value)
            dump(value, to: &text)
            #expect(!text.contains("canary"))
            #expect(!text.contains("99, 97, 110"))
        }
    }
}
