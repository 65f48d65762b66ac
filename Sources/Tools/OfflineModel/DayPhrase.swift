import AgentRuntime

/// Says a day the way people do: `today`, `Friday`, `3 Dec`, `3 Dec 2028`.
struct DayPhrase: Sendable {
    let today: Day?

    func describe(_ day: Day) -> String {
        let date = "\(day.day) \(name(day.month, of: CalendarWords.monthNames))"
        guard let today else { return "\(date) \(day.year)" }
        let weekday = name(day.weekday, of: CalendarWords.weekdayNames)
        switch day.daysSince1970 - today.daysSince1970 {
        case 0: return "today"
        case 1: return "tomorrow"
        case -1: return "yesterday"
        case 2...6: return "\(weekday), \(date)"
        default: return day.year == today.year ? date : "\(date) \(day.year)"
        }
    }

    private func name(_ number: Int, of names: [String]) -> String {
        names.indices.contains(number - 1) ? names[number - 1] : String(number)
    }
}
