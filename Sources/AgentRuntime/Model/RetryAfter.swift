/// Reads how long a server asks to be left alone: https://www.rfc-editor.org/rfc/rfc9110#name-retry-after
enum RetryAfter {
    /// No server is taken to mean more than a day.
    private static let longest = 86_400.0

    /// Nil when nothing is asked for, or nothing that can be understood. `now` is in seconds since 1970.
    static func duration(in headers: TransportHeaders, now: Double) -> Duration? {
        // OpenAI's own field: https://github.com/openai/openai-python/blob/main/src/openai/_base_client.py
        if let milliseconds = headers["retry-after-ms"].flatMap(number) { return duration(milliseconds / 1_000) }
        guard let value = headers["Retry-After"] else { return nil }
        if let seconds = number(value) { return duration(seconds) }
        guard let date = seconds(ofDate: value) else { return nil }
        return duration(date - (headers["Date"].flatMap(seconds) ?? now))
    }

    private static func duration(_ seconds: Double) -> Duration? {
        seconds < 0 ? nil : .seconds(min(seconds, longest))
    }

    /// Digits, with a fraction if need be.
    private static func number(_ text: String) -> Double? {
        let isPlain = text.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) || $0 == UInt8(ascii: ".") }
        return isPlain ? Double(text) : nil
    }

    /// Seconds since 1970 of `Sun, 06 Nov 1994 08:49:37 GMT`: https://www.rfc-editor.org/rfc/rfc9110#name-date-time-formats
    private static func seconds(ofDate text: String) -> Double? {
        let parts = text.split(separator: " ")
        guard parts.count == 6, parts[5] == "GMT", let month = months.firstIndex(of: String(parts[2])),
            let day = Int(parts[1]), let year = Int(parts[3]), let date = Day(year: year, month: month + 1, day: day)
        else { return nil }
        let time = parts[4].split(separator: ":").map { Int($0) ?? -1 }
        guard time.count == 3, (0...23).contains(time[0]), (0...59).contains(time[1]), (0...60).contains(time[2]) else { return nil }
        return Double(date.daysSince1970) * 86_400 + Double(time[0] * 3_600 + time[1] * 60 + time[2])
    }

    private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
}
