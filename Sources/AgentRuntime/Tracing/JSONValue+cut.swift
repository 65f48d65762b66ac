extension JSONValue {
    private static let mark = "... [truncated]"

    /// How many bytes it takes as JSON.
    private var size: Int { bytes.count }

    /// The value if it takes at most `limit` bytes as JSON; otherwise what is left of it when the largest parts are shortened first, and left
    /// out when that is not enough.
    func cut(to limit: Int) -> JSONValue {
        guard size > limit else { return self }
        switch self {
        case .string(let text): return .string(JSONValue.cut(text, to: limit))
        case .array(let values):
            var parts = JSONParts(Dictionary(uniqueKeysWithValues: values.enumerated().map { ($0.offset, $0.element) }), besides: 2) { _ in 1 }
            parts.shrink(to: limit)
            return .array(parts.values.sorted { $0.key < $1.key }.map(\.value))
        case .object(let members):
            var parts = JSONParts(members, besides: 2) { JSONValue.string($0).size + 2 }
            parts.shrink(to: limit)
            return .object(parts.values)
        case .null, .bool, .integer, .number: return self
        }
    }

    /// As much of the beginning as fits, with a mark behind it; nothing where even the mark does not fit.
    private static func cut(_ text: String, to limit: Int) -> String {
        var room = limit - JSONValue.string(mark).size
        guard room >= 0 else { return "" }
        let scalars = text.unicodeScalars
        let end = scalars.firstIndex { scalar in
            room -= size(of: scalar)
            return room < 0
        }
        return String(scalars[..<(end ?? scalars.endIndex)]) + mark
    }

    /// Bytes within a string of JSON.
    private static func size(of scalar: Unicode.Scalar) -> Int {
        scalar.value < 0x20 || scalar == "\"" || scalar == "\\" ? JSONValue.string(String(Character(scalar))).size - 2 : UTF8.width(scalar)
    }
}

/// The parts of an array or object that is too large.
private struct JSONParts<Key: Hashable & Comparable> {
    private(set) var values: [Key: JSONValue]
    /// The smallest first.
    private var order: [(size: Int, key: Key)]
    private var size: Int
    private let overhead: (Key) -> Int

    /// - Parameters:
    ///   - frame: The bytes of the whole without parts.
    ///   - overhead: The bytes that a part takes beside its value, its comma included.
    init(_ values: [Key: JSONValue], besides frame: Int, overhead: @escaping (Key) -> Int) {
        self.values = values
        self.overhead = overhead
        order = values.map { ($0.value.bytes.count, $0.key) }.sorted { ($0.size, $1.key) < ($1.size, $0.key) }
        // There is one comma less than there are parts.
        size = order.reduce(frame - (values.isEmpty ? 0 : 1)) { $0 + $1.size + overhead($1.key) }
    }

    /// Shortens the largest part again and again; one that cannot be shortened goes.
    mutating func shrink(to limit: Int) {
        while size > limit, let largest = order.popLast(), let value = values[largest.key] {
            let shorter = value.cut(to: max(0, limit - (size - largest.size)))
            size -= largest.size
            if shorter == value {
                values[largest.key] = nil
                size -= overhead(largest.key) - (values.isEmpty ? 1 : 0)
            } else {
                values[largest.key] = shorter
                put(shorter.bytes.count, largest.key)
            }
        }
    }

    private mutating func put(_ bytes: Int, _ key: Key) {
        size += bytes
        let place = order.firstIndex { $0.size > bytes } ?? order.endIndex
        order.insert((bytes, key), at: place)
    }
}
