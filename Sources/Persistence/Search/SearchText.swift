import Foundation

/// Text as it is searched: case and accents do not count.
enum SearchText {
    /// What a search column holds, written beside the text itself so that both databases compare the same bytes.
    static func folded(_ text: String) -> String {
        let decomposed = text.lowercased().decomposedStringWithCompatibilityMapping
        var folded = String.UnicodeScalarView()
        // Signs that are part of the letter, as in Indic scripts, have no combining class and stay.
        folded.append(contentsOf: decomposed.unicodeScalars.lazy.filter { $0.properties.canonicalCombiningClass == .notReordered })
        return String(folded).precomposedStringWithCanonicalMapping
    }

    /// How many words of a query are looked for: each costs a look at every row.
    private static let maximumWords = 16

    /// The condition that the `folded` column holds every word of `query`, of very many the longest; whatever the words are, they are data.
    ///
    /// Not `LIKE`, which takes the product of both lengths for text that almost matches again and again.
    static func condition(_ query: String) -> SQL {
        let words = Set(folded(query).split(whereSeparator: \.isWhitespace)).sorted { ($1.utf8.count, $0) < ($0.utf8.count, $1) }
        return words.prefix(maximumWords).reduce("1 = 1" as SQL) { condition, word in
            condition + " AND replace(folded, \(String(word)), '') <> folded"
        }
    }
}
