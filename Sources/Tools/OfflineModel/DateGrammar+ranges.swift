import AgentRuntime

/// Stretches of days: `this week`, `the next 3 days`, `by Friday`, `overdue`.
extension DateGrammar {
    enum SpokenRange: Sendable {
        case range(TodoFilter.DueRange)
        /// A sentence for the person.
        case impossible(String)
    }

    struct RangeMatch {
        let spoken: SpokenRange
        let end: Int
    }

    private static let overdue: PhraseList = ["overdue", "late", "past due", "is overdue", "are overdue"]
    private static let through: PhraseList = ["by", "until", "till", "up to", "through", "no later than"]

    func matchRange(in phrase: Phrase, at index: Int) -> RangeMatch? {
        if let end = DateGrammar.overdue.match(in: phrase, at: index) {
            return range(end: end, TodoFilter.DueRange.overdue) { (nil, $0.adding(days: -1)) }
        }
        if let match = period(phrase, index) { return match }
        if let next = DateGrammar.through.match(in: phrase, at: index) { return bounded(phrase, at: next, "by") { (nil, $0) } }
        switch phrase[index]?.folded {
        case "before": return bounded(phrase, at: index + 1, "before") { (nil, $0.adding(days: -1)) }
        case "after": return bounded(phrase, at: index + 1, "after") { ($0.adding(days: 1), nil) }
        case "since", "from": return bounded(phrase, at: index + 1, "from") { ($0, nil) }
        default: break
        }
        let start = phrase[index]?.isWord(in: ["on", "for"]) == true ? index + 1 : index
        return bounded(phrase, at: start, "") { ($0, $0) }
    }

    /// `this week`, `next month`, `the next 3 days`, `the weekend`.
    private func period(_ phrase: Phrase, _ index: Int) -> RangeMatch? {
        var place = index
        if phrase[place]?.isWord(in: ["for", "in", "over", "within", "during", "on"]) == true { place += 1 }
        if phrase[place]?.isWord(in: ["the", "my"]) == true { place += 1 }
        let lead = phrase[place]?.folded
        if lead == "weekend" { return period(named: "weekend", offset: 0, label: "due this weekend", end: place + 1) }
        guard lead == "this" || lead == "next" || lead == "coming" || lead == "last" else { return nil }
        if lead == "next" || lead == "coming", let span = Span.match(in: phrase, at: place + 1) {
            return range(end: span.end, "due in the " + phrase[place..<span.end].written) { ($0, span.span.added(to: $0)) }
        }
        guard let name = phrase[place + 1]?.folded, ["week", "month", "year", "weekend"].contains(name) else { return nil }
        let offset = lead == "this" ? 0 : lead == "last" ? -1 : 1
        return period(named: name, offset: offset, label: "due \(offset == 1 ? "next" : lead ?? "") \(name)", end: place + 2)
    }

    private func period(named name: String, offset: Int, label: String, end: Int) -> RangeMatch {
        range(end: end, label) { today in
            let monday = today.adding(days: 1 - today.weekday + 7 * offset)
            switch name {
            case "week": return (monday, monday?.adding(days: 6))
            case "weekend": return (monday?.adding(days: 5), monday?.adding(days: 6))
            case "month":
                let first = Day(year: today.year, month: today.month, day: 1).flatMap(Span(count: offset, unit: .months).added)
                return (first, first?.lastOfMonth)
            default: return (Day(year: today.year + offset, month: 1, day: 1), Day(year: today.year + offset, month: 12, day: 31))
            }
        }
    }

    private func bounded(_ phrase: Phrase, at index: Int, _ relation: String, _ bounds: (Day) -> (Day?, Day?)) -> RangeMatch? {
        let isIntroduced = !relation.isEmpty || phrase[index - 1]?.isWord(in: ["on", "for"]) == true
        guard let match = match(in: phrase, at: index) ?? (isIntroduced ? dayOfMonth(phrase, index) ?? shortDate(phrase, index) : nil) else {
            return nil
        }
        switch match.spoken {
        case .impossible(let sentence): return RangeMatch(spoken: .impossible(sentence), end: match.end)
        case .day(let day):
            let (first, last) = bounds(day)
            let label = ["due", relation, DayPhrase(today: today).describe(day)].filter { !$0.isEmpty }.joined(separator: " ")
            return RangeMatch(spoken: .range(.init(first: first, last: last, label: label)), end: match.end)
        }
    }

    private func range(end: Int, _ label: String, _ bounds: (Day) -> (Day?, Day?)) -> RangeMatch {
        guard let today else {
            return RangeMatch(spoken: .impossible("I was not told today's date, so please give me the day as YYYY-MM-DD."), end: end)
        }
        let (first, last) = bounds(today)
        return RangeMatch(spoken: .range(.init(first: first, last: last, label: label)), end: end)
    }
}
