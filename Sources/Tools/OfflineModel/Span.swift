import AgentRuntime

/// A distance between days: `two weeks`.
struct Span: Sendable, Hashable {
    enum Unit: Sendable {
        case days, weeks, months, years
    }

    var count: Int
    var unit: Unit

    var negated: Span { Span(count: -count, unit: unit) }

    private static let units: [String: (days: Int, unit: Unit)] = [
        "day": (1, .days), "days": (1, .days), "night": (1, .days), "nights": (1, .days), "week": (1, .weeks), "weeks": (1, .weeks),
        "fortnight": (2, .weeks), "fortnights": (2, .weeks), "month": (1, .months), "months": (1, .months), "year": (1, .years),
        "years": (1, .years),
    ]

    private static let couple: PhraseList = ["a couple of", "a couple", "couple of"]

    /// A span that starts at `index`: `3 days`, `a week`, `a couple of months`, `another day`.
    static func match(in phrase: Phrase, at index: Int) -> (span: Span, end: Int)? {
        var place = index
        var count = 1
        if let next = couple.match(in: phrase, at: place) {
            (count, place) = (2, next)
        } else if let token = phrase[place], let number = token.number ?? CalendarWords.numbers[token.folded], !token.isQuoted {
            (count, place) = (number, place + 1)
        } else if phrase[place]?.isWord(in: ["another"]) == true {
            place += 1
        } else {
            return nil
        }
        if phrase[place]?.isWord(in: ["more", "full"]) == true { place += 1 }
        guard let token = phrase[place], token.kind == .word, let unit = units[token.folded] else { return nil }
        return (Span(count: count * unit.days, unit: unit.unit), place + 1)
    }

    /// Nil outside the years 1 to 9999. A month later than the 31st is the last day of a shorter month.
    func added(to day: Day) -> Day? {
        switch unit {
        case .days: return day.adding(days: count)
        case .weeks:
            let (days, overflow) = count.multipliedReportingOverflow(by: 7)
            return overflow ? nil : day.adding(days: days)
        case .months, .years:
            let (months, tooMany) = count.multipliedReportingOverflow(by: unit == .years ? 12 : 1)
            guard !tooMany, abs(months) < 120_000 else { return nil }
            let total = day.year * 12 + day.month - 1 + months
            guard total >= 12, let first = Day(year: total / 12, month: total % 12 + 1, day: 1), let last = first.lastOfMonth else { return nil }
            return Day(year: first.year, month: first.month, day: min(day.day, last.day))
        }
    }

    func added(to day: Day?, end: Int) -> DateGrammar.Match {
        guard let day else { return .init(spoken: .impossible("I was not told today's date, so please give me the day as YYYY-MM-DD."), end: end) }
        return .init(spoken: added(to: day).map(SpokenDay.day) ?? .impossible("That day is outside the years 1 to 9999."), end: end)
    }
}

extension Day {
    /// The last day of its month.
    var lastOfMonth: Day? {
        (28...31).reversed().lazy.compactMap { Day(year: year, month: month, day: $0) }.first
    }
}
