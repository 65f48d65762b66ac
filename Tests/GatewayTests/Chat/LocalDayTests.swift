import AgentRuntime
import Persistence
import Testing

@testable import Gateway

@Suite struct LocalDayTests {
    @Test(arguments: [
        ("UTC", "2026-11-23"), ("Europe/Berlin", "2026-11-24"), ("America/Los_Angeles", "2026-11-23"), ("Pacific/Kiritimati", "2026-11-24"),
    ])
    func theDayIsThatOfThePlace(zone: String, day: String) throws {
        let moment = try #require(Timestamp("2026-11-23T23:30:00.000Z"))
        #expect(LocalDay.day(of: moment, in: zone) == Day(day))
    }

    @Test(arguments: ["", "Mars/Olympus", "../../etc/passwd", "EST5EDT4", "+05:00", "GMT+99", "europe", String(repeating: "a/", count: 100)])
    func whatIsNoPlaceIsRefused(zone: String) {
        #expect(LocalDay.day(of: Timestamp(milliseconds: 0), in: zone) == nil)
    }

    @Test func theDayBefore1970IsRight() {
        #expect(LocalDay.day(of: Timestamp(milliseconds: -1), in: "UTC") == Day("1969-12-31"))
        #expect(LocalDay.day(of: Timestamp(milliseconds: .min), in: "UTC") == nil)
    }
}
