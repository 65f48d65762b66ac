/// Finds what a `$ref` within one document points to: https://www.rfc-editor.org/rfc/rfc6901
enum SchemaReference {
    /// Nil when there is nothing.
    static func target(of reference: String, in root: JSONValue) -> JSONValue? {
        guard reference.utf8.first == UInt8(ascii: "#") else { return nil }
        let pointer = reference.dropFirst()
        if pointer.isEmpty { return root }
        guard pointer.utf8.first == UInt8(ascii: "/") else { return nil }
        var place = root
        for part in pointer.dropFirst().split(separator: "/", omittingEmptySubsequences: false) {
            guard let next = step(from: place, by: unescaped(part)) else { return nil }
            place = next
        }
        return place
    }

    private static func step(from place: JSONValue, by name: String) -> JSONValue? {
        if let values = place.array, let index = Int(name) { return values.indices.contains(index) ? values[index] : nil }
        return place[name]
    }

    private static func unescaped(_ part: Substring) -> String {
        part.split(separator: "~1", omittingEmptySubsequences: false)
            .map { $0.split(separator: "~0", omittingEmptySubsequences: false).joined(separator: "~") }
            .joined(separator: "/")
    }
}
