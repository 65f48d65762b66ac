import Testing

@testable import Gateway

///
@Suite struct RequestCookiesTests {
    @Test(arguments: [
        (["agent=A"], ["A"]), (["agent=A; agent=B"], ["A", "B"]), (["agent=A", "agent=B"], ["A", "B"]), (["other=1;agent=A ;x"], ["A"]),
        (["agent =A;\tagent=B"], ["A", "B"]), (["Agent=A; AGENT=B; agent2=C; xagent=D"], []), (["agent"], []), (["agent="], [""]),
        (["agent=a=b=c"], ["a=b=c"]), (["agent=\"A\""], ["\"A\""]), ([";;; ; =x; agent=A;"], ["A"]), ([], []), (["\r\nagent=A"], []),
    ])
    func r004_r007_everyValueOfANameIsFound(headers: [String], values: [String]) {
        #expect(RequestCookies.values(of: "agent", in: headers) == values)
    }

    @Test func r004_r007_aThousandCookiesAreNoTrouble() {
        let header = (0..<1_000).map { "c\($0)=\($0)" }.joined(separator: "; ")
        #expect(RequestCookies.values(of: "c999", in: [header]) == ["999"])
    }
}
