/// Which of the known names somebody most likely meant by one that is not among them.
public enum NearestName {
    /// Nil when none is near: more than half of the letters would have to change.
    public static func to(_ name: String, among known: some Sequence<String>) -> String? {
        let nearest = known.map { (name: $0, distance: distance($0, name)) }.min { $0.distance < $1.distance }
        guard let nearest, nearest.distance <= max(1, name.unicodeScalars.count / 2) else { return nil }
        return nearest.name
    }

    /// The names as the end of a sentence about one that is unknown: `Did you mean 'a'? Known: a, b.`
    public static func hint(for name: String, known: [String]) -> String {
        let question = to(name, among: known).map { "Did you mean '\($0)'? " } ?? ""
        return question + "Known: \(known.isEmpty ? "none" : known.joined(separator: ", "))."
    }

    /// How many single-letter edits lie between two names: https://en.wikipedia.org/wiki/Levenshtein_distance
    private static func distance(_ left: String, _ right: String) -> Int {
        let right = Array(right.unicodeScalars.prefix(64))
        var row = Array(0...right.count)
        for (i, scalar) in left.unicodeScalars.prefix(64).enumerated() {
            var next = [i + 1]
            for (j, other) in right.enumerated() { next.append(min(row[j + 1] + 1, next[j] + 1, row[j] + (scalar == other ? 0 : 1))) }
            row = next
        }
        return row[right.count]
    }
}
