import AgentRuntime

/// A day that the person named, or why what they named is none.
enum SpokenDay: Sendable, Hashable {
    case day(Day)
    /// A sentence for the person.
    case impossible(String)
}

/// Reads dates in English words and figures, counted from the day that the model was told.
///
/// A weekday is the next one after today; `this` keeps to the running week (Monday to Sunday) while it lasts, `next` means the week after it.
/// A day without a year is the next such day, today included. To teach it a phrase, add a rule to `rules`.
struct DateGrammar: Sendable {
    /// Nil when the instructions do not say.
    let today: Day?

    struct Match {
        let spoken: SpokenDay
        /// The index after the date's last token.
        let end: Int
    }

    private typealias Rule = @Sendable (DateGrammar, Phrase, Int) -> Match?

    private static let rules: [Rule] = [
        { $0.isoDate($1, $2) }, { $0.numericDate($1, $2) }, { $0.weekdayThenDate($1, $2) }, { $0.dayThenMonth($1, $2) },
        { $0.monthThenDay($1, $2) }, { $0.namedDay($1, $2) }, { $0.partOfToday($1, $2) }, { $0.distance($1, $2) },
        { $0.periodEnd($1, $2) }, { $0.nextPeriod($1, $2) }, { $0.weekend($1, $2) }, { $0.weekday($1, $2) },
    ]

    /// The date that starts exactly at `index`, without a preposition.
    func match(in phrase: Phrase, at index: Int) -> Match? {
        guard let token = phrase[index], DateGrammar.canStart(with: token) else { return nil }
        for rule in DateGrammar.rules {
            if let match = rule(self, phrase, index) { return withPartOfDay(match, phrase) }
        }
        return nil
    }

    private static let starters: Set<String> = nextWords.union(dayNames.keys).union(CalendarWords.weekdays.keys).union(CalendarWords.months.keys)
        .union(CalendarWords.numbers.keys).union(CalendarWords.ordinalNames.keys)
        .union(["the", "in", "within", "this", "last", "end", "beginning", "start", "day", "another", "couple"])

    /// Tells most words apart from dates at once, so that long messages stay cheap.
    private static func canStart(with token: Token) -> Bool {
        token.number != nil || token.isWord(in: starters) || (token.kind == .word && token.folded.utf8.first.map { (48...57).contains($0) } ?? false)
    }

    // MARK: With prepositions

    /// What may stand before a due date.
    private static let prepositions: PhraseList = [
        "on", "for", "by", "until", "till", "to", "due", "due on", "due by", "due for", "due :", "is due", "due date", "due date :",
        "due date is", "due in", "with due date", "with a due date of", "with deadline", "deadline", "deadline :", "no later than", "latest",
        "at the latest by", "starting",
    ]

    /// A date that starts at `index`, with what may introduce it; after a preposition `the 5th` and `3.12` are dates too.
    func matchIntroduced(in phrase: Phrase, at index: Int) -> Match? {
        if phrase[index]?.folded == "before", let match = match(in: phrase, at: index + 1) { return dayBefore(match) }
        if let next = DateGrammar.prepositions.match(in: phrase, at: index) {
            return match(in: phrase, at: next) ?? dayOfMonth(phrase, next) ?? shortDate(phrase, next)
        }
        return isBareDate(phrase, index) ? match(in: phrase, at: index) : nil
    }

    /// Words after which a weekday or `today` belongs to a name or a repetition: `Black Friday`, `every Monday`.
    private static let binders: Set<String> = [
        "every", "each", "good", "black", "cyber", "casual", "ash", "palm", "easter", "super", "the", "'", "of",
    ]
    /// Short forms that are words of their own without a preposition.
    private static let ambiguousShortForms: Set<String> = ["sat", "sun", "wed", "mon"]

    private func isBareDate(_ phrase: Phrase, _ index: Int) -> Bool {
        guard let token = phrase[index] else { return false }
        if token.isWord(in: DateGrammar.ambiguousShortForms) { return phrase.count == 1 }
        if let previous = phrase[index - 1], previous.isWord(in: DateGrammar.binders) { return token.folded == "end" || token.folded == "day" }
        return true
    }

    /// The whole phrase as one date.
    func day(_ phrase: Phrase) -> SpokenDay? {
        let phrase = phrase.trimmed
        let match = matchIntroduced(in: phrase, at: phrase.start) ?? match(in: phrase, at: phrase.start)
        let fallback = match?.end == phrase.end ? match : dayOfMonth(phrase, phrase.start) ?? shortDate(phrase, phrase.start)
        return fallback?.end == phrase.end ? fallback?.spoken : nil
    }

    /// A date at the end of the phrase, and what stands before it.
    func trailingDay(_ phrase: Phrase) -> (rest: Phrase, spoken: SpokenDay)? {
        let phrase = phrase.trimmed
        for index in max(phrase.start, phrase.end - 9)..<max(phrase.start, phrase.end) {
            if let match = matchIntroduced(in: phrase, at: index), match.end == phrase.end {
                return (phrase[phrase.start..<index].trimmed, match.spoken)
            }
        }
        return nil
    }

    // MARK: Rules

    private static let dayNames: [String: Int] = [
        "today": 0, "tonight": 0, "tomorrow": 1, "tommorow": 1, "tomorow": 1, "tmrw": 1, "tmr": 1, "yesterday": -1,
    ]

    private func namedDay(_ phrase: Phrase, _ index: Int) -> Match? {
        let isTheDay = phrase[index]?.folded == "the"
        let start = isTheDay ? index + 1 : index
        if phrase[start..<phrase.end].starts(with: "day", "after", "tomorrow") { return offset(days: 2, end: start + 3) }
        if phrase[start..<phrase.end].starts(with: "day", "before", "yesterday") { return offset(days: -2, end: start + 3) }
        guard let token = phrase[index], token.kind == .word else { return nil }
        if token.folded == "asap" || phrase[index..<phrase.end].starts(with: "right", "now") { return nil }
        return DateGrammar.dayNames[token.folded].map { offset(days: $0, end: index + 1) }
    }

    private static let partsOfDay: Set<String> = ["morning", "afternoon", "evening", "night", "noon"]

    private func partOfToday(_ phrase: Phrase, _ index: Int) -> Match? {
        if phrase[index]?.folded == "this", phrase[index + 1]?.isWord(in: DateGrammar.partsOfDay) == true { return offset(days: 0, end: index + 2) }
        let rest = phrase[index..<phrase.end].dropping(first: DateGrammar.article)
        guard rest.starts(with: "end", "of", "day") || rest.starts(with: "end", "of", "the", "day") else { return nil }
        return offset(days: 0, end: rest.start + (rest.starts(with: "end", "of", "the") ? 4 : 3))
    }

    /// `tomorrow morning`: the part of the day is heard and let go, as todos know days alone.
    private func withPartOfDay(_ match: Match, _ phrase: Phrase) -> Match {
        guard phrase[match.end]?.isWord(in: DateGrammar.partsOfDay) == true else { return match }
        return Match(spoken: match.spoken, end: match.end + 1)
    }

    /// `in 3 days`, `in a week`, `two weeks from now`, `a week from Friday`.
    private func distance(_ phrase: Phrase, _ index: Int) -> Match? {
        let introduced = phrase[index]?.folded == "in" || phrase[index]?.folded == "within"
        guard let amount = Span.match(in: phrase, at: introduced ? index + 1 : index) else { return nil }
        if introduced { return amount.span.added(to: today, end: amount.end) }
        guard phrase[amount.end]?.folded == "from" || phrase[amount.end]?.folded == "after" else { return nil }
        if phrase[amount.end + 1]?.folded == "now" { return amount.span.added(to: today, end: amount.end + 2) }
        guard let base = namedDay(phrase, amount.end + 1) ?? weekday(phrase, amount.end + 1), case .day(let day) = base.spoken else { return nil }
        return amount.span.added(to: day, end: base.end)
    }

    private static let article: PhraseList = ["the"]
    private static let beginnings: PhraseList = ["the", "beginning of", "the beginning of", "start of", "the start of"]
    private static let nextWords: Set<String> = ["next", "coming", "following"]

    private func nextPeriod(_ phrase: Phrase, _ index: Int) -> Match? {
        let rest = phrase[index..<phrase.end].dropping(first: DateGrammar.beginnings)
        guard rest.tokens.first?.isWord(in: DateGrammar.nextWords) == true else { return nil }
        let end = rest.start + 2
        switch rest[rest.start + 1]?.folded {
        case "week": return resolved(end: end) { $0.adding(days: 8 - $0.weekday) }
        case "month": return resolved(end: end) { Day(year: $0.month == 12 ? $0.year + 1 : $0.year, month: $0.month % 12 + 1, day: 1) }
        case "year": return resolved(end: end) { Day(year: $0.year + 1, month: 1, day: 1) }
        default: return nil
        }
    }

    /// `end of the month`, `the end of next week`, `end of year`.
    private func periodEnd(_ phrase: Phrase, _ index: Int) -> Match? {
        let rest = phrase[index..<phrase.end].dropping(first: DateGrammar.article)
        guard rest.starts(with: "end", "of") else { return nil }
        var place = rest.start + 2
        if rest[place]?.isWord(in: ["the", "this"]) == true { place += 1 }
        let isNext = rest[place]?.isWord(in: DateGrammar.nextWords) == true
        if isNext { place += 1 }
        let end = place + 1
        switch rest[place]?.folded {
        case "week": return resolved(end: end) { $0.adding(days: (isNext ? 14 : 7) - $0.weekday) }
        case "month": return resolved(end: end) { Span(count: isNext ? 1 : 0, unit: .months).added(to: $0)?.lastOfMonth }
        case "year": return resolved(end: end) { Day(year: $0.year + (isNext ? 1 : 0), month: 12, day: 31) }
        default: return nil
        }
    }

    /// The Saturday: of this week, or of the next one on request; on a Sunday `this weekend` is today.
    private func weekend(_ phrase: Phrase, _ index: Int) -> Match? {
        guard phrase[index + 1]?.folded == "weekend" else { return nil }
        if phrase[index]?.isWord(in: ["this", "the"]) == true {
            return resolved(end: index + 2) { $0.weekday == 7 ? $0 : $0.adding(days: 6 - $0.weekday) }
        }
        guard phrase[index]?.isWord(in: DateGrammar.nextWords) == true else { return nil }
        return resolved(end: index + 2) { $0.adding(days: 13 - $0.weekday) }
    }

    private func weekday(_ phrase: Phrase, _ index: Int) -> Match? {
        guard let first = phrase[index], first.kind == .word else { return nil }
        if let weekday = CalendarWords.weekdays[first.folded] {
            return resolved(end: index + 1) { $0.adding(days: DateGrammar.daysUntil(weekday, after: $0.weekday)) }
        }
        guard let second = phrase[index + 1], let weekday = CalendarWords.weekdays[second.folded] else { return nil }
        switch first.folded {
        case "this": return resolved(end: index + 2) { $0.adding(days: weekday >= $0.weekday ? weekday - $0.weekday : weekday - $0.weekday + 7) }
        case "coming": return resolved(end: index + 2) { $0.adding(days: DateGrammar.daysUntil(weekday, after: $0.weekday)) }
        case "next", "following": return resolved(end: index + 2) { $0.adding(days: 7 - $0.weekday + weekday) }
        case "last": return resolved(end: index + 2) { $0.adding(days: weekday < $0.weekday ? weekday - $0.weekday : weekday - $0.weekday - 7) }
        default: return nil
        }
    }

    private static func daysUntil(_ weekday: Int, after today: Int) -> Int {
        weekday > today ? weekday - today : weekday - today + 7
    }

    private func dayBefore(_ match: Match) -> Match {
        guard case .day(let day) = match.spoken, let before = day.adding(days: -1) else { return match }
        return Match(spoken: .day(before), end: match.end)
    }

    // MARK: Results

    private func offset(days: Int, end: Int) -> Match {
        resolved(end: end) { $0.adding(days: days) }
    }

    private func resolved(end: Int, _ day: (Day) -> Day?) -> Match {
        guard let today else { return Match(spoken: .impossible("I was not told today's date, so please give me the day as YYYY-MM-DD."), end: end) }
        return Match(spoken: day(today).map(SpokenDay.day) ?? .impossible("That day is outside the years 1 to 9999."), end: end)
    }
}
