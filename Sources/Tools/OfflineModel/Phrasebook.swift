/// Everything the offline model understands, in one place: to teach it a way to say something, add a line to its group.
///
/// The first rule that fits a clause wins, so groups are ordered from the special to the general.
enum Phrasebook {
    struct Entry: Sendable {
        let rule: IntentRule
        let pattern: Pattern
    }

    static let rules: [IntentRule] =
        smallTalk + notes + dueDates + reopening + questions + clearing + completing + rescheduling + renaming + deleting + planning + adding
        + reports + statements + bareWords

    /// The entries whose pattern can start with this token, in the order of the rules.
    static func entries(startingWith token: Token?) -> [Entry] {
        guard let token else { return [] }
        return token.isQuoted ? index.slotFirst : index.byFirstWord[token.folded] ?? index.slotFirst
    }

    private static let index: (byFirstWord: [String: [Entry]], slotFirst: [Entry]) = {
        let entries = rules.flatMap { rule in rule.patterns.map { Entry(rule: rule, pattern: $0) } }
        let words = Set(entries.flatMap { $0.pattern.firstWords ?? [] })
        let byFirstWord = words.map { word in (word, entries.filter { $0.pattern.firstWords?.contains(word) ?? true }) }
        return (Dictionary(uniqueKeysWithValues: byFirstWord), entries.filter { $0.pattern.firstWords == nil })
    }()
}
