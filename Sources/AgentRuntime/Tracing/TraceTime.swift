/// Writes moments as the SDK does: `2026-11-23T09:30:00.000125+00:00`.
enum TraceTime {
    private static let day: UInt64 = 86_400_000_000_000

    static func text(of nanoseconds: UInt64) -> String {
        let date = Day(daysSince1970: Int(nanoseconds / day)).map(String.init) ?? "9999-12-31"
        let microseconds = nanoseconds % day / 1_000
        let seconds = microseconds / 1_000_000
        let time = [seconds / 3_600, seconds / 60 % 60, seconds % 60].map { padded($0, to: 2) }.joined(separator: ":")
        return "\(date)T\(time).\(padded(microseconds % 1_000_000, to: 6))+00:00"
    }

    private static func padded(_ number: UInt64, to width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
    }
}
