import AgentRuntime
import Testing

@testable import Tools

@Suite struct DateGrammarTests {
    /// 2026-12-02 is a Wednesday.
    @Test(arguments: [
        ("today", "2026-12-02"), ("tonight", "2026-12-02"), ("this evening", "2026-12-02"), ("end of day", "2026-12-02"),
        ("by the end of the day", "2026-12-02"),
        ("tomorrow", "2026-12-03"), ("for tomorrow", "2026-12-03"), ("tomorrow morning", "2026-12-03"), ("the day after tomorrow", "2026-12-04"),
        ("yesterday", "2026-12-01"), ("Friday", "2026-12-04"), ("on friday", "2026-12-04"), ("by Fri", "2026-12-04"), ("Wednesday", "2026-12-09"),
        ("this Wednesday", "2026-12-02"), ("this Friday", "2026-12-04"), ("this Monday", "2026-12-07"), ("next Friday", "2026-12-11"),
        ("next monday", "2026-12-07"),
        ("last Friday", "2026-11-27"), ("coming Sunday", "2026-12-06"), ("Tue", "2026-12-08"), ("on Sun", "2026-12-06"),
        ("before Friday", "2026-12-03"),
        ("in 3 days", "2026-12-05"), ("in a week", "2026-12-09"), ("in two weeks", "2026-12-16"), ("in a fortnight", "2026-12-16"),
        ("in a month", "2027-01-02"),
        ("in 2 months", "2027-02-02"), ("in a year", "2027-12-02"), ("3 days from now", "2026-12-05"), ("a week from Friday", "2026-12-11"),
        ("in a couple of days", "2026-12-04"), ("next week", "2026-12-07"), ("next month", "2027-01-01"), ("next year", "2027-01-01"),
        ("end of the month", "2026-12-31"), ("the end of this week", "2026-12-06"), ("end of next week", "2026-12-13"),
        ("end of next month", "2027-01-31"),
        ("end of the year", "2026-12-31"), ("this weekend", "2026-12-05"), ("the weekend", "2026-12-05"), ("next weekend", "2026-12-12"),
        ("3 Dec", "2026-12-03"), ("2 Dec", "2026-12-02"), ("1 Dec", "2027-12-01"), ("December 3rd", "2026-12-03"), ("3rd of December", "2026-12-03"),
        ("the 3rd of dec 2028", "2028-12-03"), ("Dec 3 2027", "2027-12-03"), ("Dec 3rd, 2027", "2027-12-03"), ("December the 24th", "2026-12-24"),
        ("3. December", "2026-12-03"), ("dec. 24", "2026-12-24"), ("3.12.", "2026-12-03"), ("on 3.12", "2026-12-03"), ("03.12.2027", "2027-12-03"),
        ("3.12.27", "2027-12-03"),
        ("2026-12-24", "2026-12-24"), ("due 2026-12-24", "2026-12-24"), ("on the 5th", "2026-12-05"), ("by the 1st", "2027-01-01"),
        ("the 31st of the month", "2026-12-31"),
        ("Friday, 4 Dec", "2026-12-04"), ("Friday the 4th", "2026-12-04"), ("24/12", "2026-12-24"), ("12/24/2026", "2026-12-24"),
        ("29 Feb", "2028-02-29"),
        ("due: tomorrow", "2026-12-03"), ("due by Friday", "2026-12-04"), ("no later than Friday", "2026-12-04"),
    ])
    func readsDays(_ phrase: String, _ expected: String) {
        #expect(DateGrammar(today: Day("2026-12-02")).day(Tokenizer.phrase(phrase)) == Day(expected).map(SpokenDay.day), "\(phrase)")
    }

    @Test(arguments: [
        // The last day of a month, of a year and before a leap day.
        ("2026-01-31", "tomorrow", "2026-02-01"), ("2026-01-31", "in a month", "2026-02-28"), ("2028-01-31", "in a month", "2028-02-29"),
        ("2026-01-31", "next month", "2026-02-01"), ("2026-01-31", "end of the month", "2026-01-31"), ("2026-01-31", "on the 31st", "2026-01-31"),
        ("2026-02-01", "on the 31st", "2026-03-31"), ("2026-04-30", "on the 31st", "2026-05-31"), ("2026-12-31", "tomorrow", "2027-01-01"),
        ("2026-12-31", "next month", "2027-01-01"), ("2026-12-31", "1 Jan", "2027-01-01"), ("2026-12-31", "31 Dec", "2026-12-31"),
        ("2028-02-28", "tomorrow", "2028-02-29"),
        ("2028-02-29", "in a year", "2029-02-28"), ("2028-02-29", "29 Feb", "2028-02-29"), ("2028-03-01", "29 Feb", "2032-02-29"),
        ("2096-03-01", "29 Feb", "2104-02-29"),
        // The edges of a week: Sunday and Monday.
        ("2026-12-06", "Monday", "2026-12-07"), ("2026-12-06", "next Monday", "2026-12-07"), ("2026-12-06", "this Sunday", "2026-12-06"),
        ("2026-12-06", "Sunday", "2026-12-13"), ("2026-12-06", "next week", "2026-12-07"), ("2026-12-06", "this weekend", "2026-12-06"),
        ("2026-12-06", "end of the week", "2026-12-06"), ("2026-12-07", "Monday", "2026-12-14"), ("2026-12-07", "next Monday", "2026-12-14"),
        ("2026-12-07", "this Monday", "2026-12-07"), ("2026-12-07", "last Monday", "2026-11-30"), ("2026-12-07", "next week", "2026-12-14"),
        ("9999-12-31", "today", "9999-12-31"),
    ])
    func countsFromTheDayItIsTold(_ today: String, _ phrase: String, _ expected: String) {
        #expect(DateGrammar(today: Day(today)).day(Tokenizer.phrase(phrase)) == Day(expected).map(SpokenDay.day), "\(phrase) on \(today)")
    }

    @Test(arguments: [
        "30 Feb", "31 April", "Feb 29, 2027", "2026-02-30", "2026-13-01", "31.4.", "the 32nd", "on the 0th", "32/13/2026", "in 99999999 days",
        "in 9999 years", "3/4", "Dec 32",
    ])
    func impossibleDaysAreNamed(_ phrase: String) {
        guard case .impossible(let sentence)? = DateGrammar(today: Day("2026-12-02")).day(Tokenizer.phrase(phrase)) else {
            Issue.record("\(phrase) was read as a day, or not at all")
            return
        }
        #expect(sentence.hasSuffix("."))
    }

    @Test(arguments: [
        "milk", "5", "the sun", "may", "march", "friday night lights", "a week", "two", "10:30", "1.5 liters", "every day", "soon", "the end", "next",
        "this", "on", "second",
    ])
    func otherWordsAreNoDays(_ phrase: String) {
        #expect(DateGrammar(today: Day("2026-12-02")).day(Tokenizer.phrase(phrase)) == nil)
    }

    @Test func withoutTodayOnlyWholeDatesAreDays() {
        let grammar = DateGrammar(today: nil)
        #expect(grammar.day(Tokenizer.phrase("2026-12-24")) == Day("2026-12-24").map(SpokenDay.day))
        #expect(grammar.day(Tokenizer.phrase("24 Dec 2026")) == Day("2026-12-24").map(SpokenDay.day))
        for phrase in ["tomorrow", "Friday", "24 Dec", "in a week", "on the 5th", "end of the month"] {
            guard case .impossible? = grammar.day(Tokenizer.phrase(phrase)) else {
                Issue.record("\(phrase) was counted from no day")
                continue
            }
        }
    }

    @Test func daysPastTheYear9999AreRefused() {
        guard case .impossible? = DateGrammar(today: Day("9999-12-31")).day(Tokenizer.phrase("tomorrow")) else {
            Issue.record("there is no such day")
            return
        }
    }
}
