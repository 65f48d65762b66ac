public import AgentRuntime
import Foundation
public import Persistence

/// What day it is somewhere: the one place that knows time zones, which need full Foundation.
public enum LocalDay {
    /// Nil when `timeZone` is not a name of the IANA database: https://www.iana.org/time-zones
    public static func day(of moment: Timestamp, in timeZone: String) -> Day? {
        let isName = timeZone == "UTC" || timeZone == "GMT" || timeZone.contains("/")
        guard isName, timeZone.utf8.count <= 64, let zone = TimeZone(identifier: timeZone) else { return nil }
        let date = Date(timeIntervalSince1970: Double(moment.milliseconds) / 1_000)
        let local = moment.adding(.seconds(zone.secondsFromGMT(for: date))).milliseconds
        let days = local >= 0 ? local / 86_400_000 : (local + 1) / 86_400_000 - 1
        return Day(daysSince1970: Int(days))
    }

    /// The machine's own time zone.
    public static var machineTimeZone: String { TimeZone.current.identifier }
}
