import AgentRuntime
import Testing

@Suite struct DayTests {
    @Test(arguments: [
        ("1970-01-01", 0, 4), ("2000-02-29", 11_016, 2), ("2026-11-23", 20_780, 1), ("0001-01-01", -719_162, 1), ("9999-12-31", 2_932_896, 5),
        ("1969-12-31", -1, 3),
    ])
    func daysAreCountedFrom1970(text: String, days: Int, weekday: Int) throws {
        let day = try #require(Day(text))
        #expect(day.daysSince1970 == days)
        #expect(day.weekday == weekday)
        #expect(Day(daysSince1970: days) == day)
        #expect(day.description == text)
    }

    @Test(arguments: [
        "", "2026-2-3", "2026-02-30", "2025-02-29", "1900-02-29", "2100-02-29", "0000-01-01", "10000-01-01", "2026-00-01", "2026-13-01", "2026-01-00",
        "2026-01-32", "2026/01/01",
        "-026-01-01", "２026-01-01", "2026-01-01 ", "+026-01-01",
    ])
    func whatIsNoDayIsRefused(text: String) {
        #expect(Day(text) == nil)
    }

    @Test func aDayBeyondTheCalendarIsNone() {
        #expect(Day("9999-12-31")?.adding(days: 1) == nil)
        #expect(Day("0001-01-01")?.adding(days: -1) == nil)
        #expect(Day("2026-01-01")?.adding(days: .max) == nil)
        #expect(Day("2026-01-01")?.adding(days: .min) == nil)
        #expect(Day("2024-02-28")?.adding(days: 2) == Day("2024-03-01"))
    }
}
