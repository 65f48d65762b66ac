public import AgentRuntime
import Foundation
public import Persistence

/// What day it is somewhere: the one place that knows time zones, which need full Foundation.
public enum LocalDay {
    /// Nil when `timeZone` is not a name of the IANA database: https://www.iana.org/time-zones
    public static func day(of moment: Timestamp, in timeZone: String) -> Day? {
        guard timeZone.utf8.count <= 64, let zone = TimeZone(identifier: timeZone), timeZone == "UTC" || timeZone == "GMT" || timeZone.contains("/") else {
            return nil
        }
        let seconds = moment.milliseconds / 1_000 + Int64(zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(moment.milliseconds) / 1_000)))
        let days = seconds >= 0 ? seconds / 86_400 : (seconds - 86_399) / 86_400
        return Day(daysSince1970: Int(days))
    }

    /// The machine's own time zone.
    public static var machineTimeZone: String { TimeZone.current.identifier }
}
