/// What the fields of a todo may hold, counted in code points.
public enum TodoRules {
    public static let titleLength = 1...200
    public static let notesLength = 0...2_000
    public static let queryLength = 0...200

    static func check(title: String) throws(TodoError) {
        try check(title, "title", titleLength)
        guard title.unicodeScalars.contains(where: { !$0.properties.isWhitespace }) else {
            throw .invalid(field: "title", sentence: "The title must not be blank.")
        }
    }

    static func check(notes: String?) throws(TodoError) {
        if let notes { try check(notes, "notes", notesLength) }
    }

    static func check(query: String?) throws(TodoError) {
        if let query { try check(query, "query", queryLength) }
    }

    private static func check(_ text: String, _ field: String, _ length: ClosedRange<Int>) throws(TodoError) {
        // Bytes first: four a code point at most, and counting a megabyte is not free.
        guard text.utf8.count <= length.upperBound * 4, length.contains(text.unicodeScalars.count) else {
            let minimum = length.lowerBound > 0 ? "\(length.lowerBound) to" : "at most"
            throw .invalid(field: field, sentence: "The \(field) must have \(minimum) \(length.upperBound) characters.")
        }
        guard !text.utf8.contains(0) else { throw .invalid(field: field, sentence: "The \(field) must not hold the character U+0000.") }
    }
}
