import AgentRuntime

/// Dates with figures: `2026-12-03`, `3.12.`, `3 Dec`, `December 3rd, 2027`, `the 5th`.
extension DateGrammar {
    func isoDate(_ phrase: Phrase, _ index: Int) -> Match? {
        guard let token = phrase[index], token.kind == .word else { return nil }
        let parts = DateGrammar.figures(token.folded, separator: "-")
        guard parts.count == 3, token.folded.utf8.count <= 10, parts[0] > 31 else { return nil }
        return explicit(day: parts[2], month: parts[1], year: parts[0], written: token.text, end: index + 1)
    }

    /// `3.12.`, `3.12.2026`, `24/12/2026`; a date with slashes that reads two ways is asked about.
    func numericDate(_ phrase: Phrase, _ index: Int) -> Match? {
        guard let token = phrase[index], token.kind == .word else { return nil }
        let dotted = DateGrammar.figures(token.folded, separator: ".")
        if dotted.count == 3 {
            return explicit(day: dotted[0], month: dotted[1], year: DateGrammar.fullYear(dotted[2]), written: token.text, end: index + 1)
        }
        if dotted.count == 2, token.folded.hasSuffix(".") {
            return explicit(day: dotted[0], month: dotted[1], year: nil, written: token.text, end: index + 1)
        }
        let slashed = DateGrammar.figures(token.folded, separator: "/")
        return slashed.count == 3 ? slashedDate(slashed, token, end: index + 1) : nil
    }

    /// `3.12` and `24/12`, which are dates only where one is expected.
    func shortDate(_ phrase: Phrase, _ index: Int) -> Match? {
        guard let token = phrase[index], token.kind == .word else { return nil }
        let dotted = DateGrammar.figures(token.folded, separator: ".")
        if dotted.count == 2 { return explicit(day: dotted[0], month: dotted[1], year: nil, written: token.text, end: index + 1) }
        let slashed = DateGrammar.figures(token.folded, separator: "/")
        return slashed.count == 2 ? slashedDate(slashed, token, end: index + 1) : nil
    }

    private func slashedDate(_ parts: [Int], _ token: Token, end: Int) -> Match? {
        let year = parts.count == 3 ? DateGrammar.fullYear(parts[2]) : nil
        if parts[0] > 31 { return parts.count == 3 ? explicit(day: parts[2], month: parts[1], year: parts[0], written: token.text, end: end) : nil }
        if parts[0] > 12 || parts[0] == parts[1] { return explicit(day: parts[0], month: parts[1], year: year, written: token.text, end: end) }
        if parts[1] > 12 { return explicit(day: parts[1], month: parts[0], year: year, written: token.text, end: end) }
        return Match(spoken: .impossible("“\(token.text)” can be read as two days; please write it like 3 Dec or 2026-12-03."), end: end)
    }

    /// `Friday, 4 December`: the date counts.
    func weekdayThenDate(_ phrase: Phrase, _ index: Int) -> Match? {
        guard let token = phrase[index], token.kind == .word, CalendarWords.weekdays[token.folded] != nil else { return nil }
        let next = phrase[index + 1]?.isMark(",") == true ? index + 2 : index + 1
        return isoDate(phrase, next) ?? numericDate(phrase, next) ?? dayThenMonth(phrase, next) ?? monthThenDay(phrase, next)
            ?? (phrase[next]?.folded == "the" ? dayOfMonth(phrase, next) : nil)
    }

    /// `3 Dec`, `3rd of December`, `the 3rd of Dec 2027`, `3. December`.
    func dayThenMonth(_ phrase: Phrase, _ index: Int) -> Match? {
        var place = phrase[index]?.folded == "the" ? index + 1 : index
        guard let day = dayNumber(phrase[place]) else { return nil }
        place += 1
        if phrase[place]?.isMark(".") == true { place += 1 }
        if phrase[place]?.folded == "of" { place += 1 }
        guard let month = month(phrase[place]) else { return nil }
        return withYear(day: day, month: month, phrase, from: index, after: place + 1)
    }

    /// `December 3`, `Dec 3rd, 2027`, `December the 3rd`.
    func monthThenDay(_ phrase: Phrase, _ index: Int) -> Match? {
        guard let month = month(phrase[index]) else { return nil }
        var place = index + 1
        if phrase[place]?.isMark(".") == true { place += 1 }
        if phrase[place]?.folded == "the" { place += 1 }
        guard let day = dayNumber(phrase[place]) else { return nil }
        return withYear(day: day, month: month, phrase, from: index, after: place + 1)
    }

    /// `the 5th`: of this month, or of the next one that still has it ahead.
    func dayOfMonth(_ phrase: Phrase, _ index: Int) -> Match? {
        let hasArticle = phrase[index]?.folded == "the"
        let place = hasArticle ? index + 1 : index
        guard let token = phrase[place], token.kind == .word, let day = CalendarWords.ordinal(token.folded) else { return nil }
        guard hasArticle || token.folded.utf8.first.map({ (48...57).contains($0) }) == true else { return nil }
        let end = phrase[place + 1..<phrase.end].starts(with: "of", "the", "month") ? place + 4 : place + 1
        guard (1...31).contains(day) else { return Match(spoken: .impossible("No month has a day \(day)."), end: end) }
        guard let today else { return Span(count: 0, unit: .days).added(to: today, end: end) }
        for months in 0...2 {
            guard let first = Day(year: today.year, month: today.month, day: 1).flatMap(Span(count: months, unit: .months).added) else { continue }
            if let found = Day(year: first.year, month: first.month, day: day), found >= today { return Match(spoken: .day(found), end: end) }
        }
        return Match(spoken: .impossible("That day is outside the years 1 to 9999."), end: end)
    }

    // MARK: Parts

    private func dayNumber(_ token: Token?) -> Int? {
        guard let token, !token.isQuoted else { return nil }
        return token.number ?? CalendarWords.ordinal(token.folded)
    }

    private func month(_ token: Token?) -> Int? {
        guard let token, token.kind == .word else { return nil }
        return CalendarWords.months[token.folded]
    }

    private func withYear(day: Int, month: Int, _ phrase: Phrase, from start: Int, after end: Int) -> Match {
        let place = phrase[end]?.isMark(",") == true ? end + 1 : end
        if let token = phrase[place], let year = token.number, token.text.utf8.count == 4, year >= 1_000 {
            return explicit(day: day, month: month, year: year, written: phrase[start..<(place + 1)].written, end: place + 1)
        }
        return explicit(day: day, month: month, year: nil, written: phrase[start..<end].written, end: end)
    }

    private func explicit(day: Int, month: Int, year: Int?, written: String, end: Int) -> Match {
        let noSuchDay = SpokenDay.impossible("There is no such day as \(written).")
        if let year { return Match(spoken: Day(year: year, month: month, day: day).map(SpokenDay.day) ?? noSuchDay, end: end) }
        guard Day(year: 2024, month: month, day: day) != nil else { return Match(spoken: noSuchDay, end: end) }
        guard let today else { return Span(count: 0, unit: .days).added(to: today, end: end) }
        // 29 February comes after eight years at the latest.
        let next = (0...8).lazy.compactMap { Day(year: today.year + $0, month: month, day: day) }.first { $0 >= today }
        return Match(spoken: next.map(SpokenDay.day) ?? .impossible("That day is outside the years 1 to 9999."), end: end)
    }

    private static func fullYear(_ year: Int) -> Int {
        year < 100 ? 2000 + year : year
    }

    /// The numbers of `3.12.2026`; empty when it is anything else.
    private static func figures(_ text: String, separator: Character) -> [Int] {
        guard text.utf8.count <= 11, text.utf8.first.map({ (48...57).contains($0) }) == true else { return [] }
        let parts = (text.last == separator ? text.dropLast() : text[...]).split(separator: separator, omittingEmptySubsequences: false)
        let numbers = parts.compactMap { $0.utf8.allSatisfy { (48...57).contains($0) } ? Int($0) : nil }
        return numbers.count == parts.count && (2...3).contains(parts.count) ? numbers : []
    }
}
