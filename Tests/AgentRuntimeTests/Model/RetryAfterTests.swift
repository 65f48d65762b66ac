import Testing

@testable import AgentRuntime

@Suite struct RetryAfterTests {
    /// 1994-11-06 08:49:37 UTC.
    private static let moment = 784_111_777.0

    @Test(
        arguments: [
            ("0", .zero), ("7", .seconds(7)), ("1.5", .seconds(1.5)), ("1000000000", .seconds(86_400)),
            ("99999999999999999999999999999999", .seconds(86_400)), ("-1", nil), ("+1", nil), ("", nil), ("soon", nil), ("1e3", nil), ("0x10", nil),
            ("1.2.3", nil), ("nan", nil), ("inf", nil), ("Sun, 06 Nov 1994 08:49:47 GMT", .seconds(10)), ("Sun, 06 Nov 1994 08:49:37 GMT", .zero),
            ("Sun, 06 Nov 1994 08:49:27 GMT", nil), ("Fri, 31 Dec 9999 23:59:59 GMT", .seconds(86_400)), ("Sun, 31 Feb 1994 08:49:47 GMT", nil),
            ("Sun, 06 Nov 1994 25:00:00 GMT", nil), ("Sun, 06 Nov 1994 08:49:47 CET", nil), ("Sun, 06 Nov 1994 -1:49:47 GMT", nil),
        ] as [(String, Duration?)])
    func r101_whatIsUnderstoodIsCapped(value: String, duration: Duration?) {
        #expect(RetryAfter.duration(in: ["retry-after": value], now: Self.moment) == duration)
    }

    @Test func r101_theServersOwnClockCountsForADate() {
        let headers: TransportHeaders = ["Retry-After": "Sun, 06 Nov 1994 08:49:47 GMT", "Date": "Sun, 06 Nov 1994 08:49:45 GMT"]
        #expect(RetryAfter.duration(in: headers, now: 0) == .seconds(2))
    }

    @Test func r101_millisecondsBeatSeconds() {
        #expect(RetryAfter.duration(in: ["Retry-After": "2", "retry-after-ms": "1500"], now: 0) == .seconds(1.5))
        #expect(RetryAfter.duration(in: [:], now: 0) == nil)
    }
}
