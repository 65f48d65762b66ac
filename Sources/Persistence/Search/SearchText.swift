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

    /// The condition that the `folded` column holds every word of `query`; whatever the words are, they are data.
    static func condition(_ query: String) -> SQL {
        let words = folded(query).split(whereSeparator: \.isWhitespace)
        return words.reduce("1 = 1" as SQL) { condition, word in
            condition + " AND folded LIKE \(pattern(String(word))) ESCAPE '!'"
        }
    }

    private static func pattern(_ word: String) -> String {
        var escaped = ""
        for scalar in word.unicodeScalars {
            if scalar == "!" || scalar == "%" || scalar == "_" { escaped.unicodeScalars.append("!") }
            escaped.unicodeScalars.append(scalar)
        }
        return "%\(escaped)%"
    }
}
