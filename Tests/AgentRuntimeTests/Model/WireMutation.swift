import AgentRuntime
import AgentTesting

/// Changes what a provider answers: its bytes, or the values of its JSON.
struct WireMutation {
    private var generator: SeededGenerator

    private static let values: [JSONValue] = [
        .null, true, false, 0, -1, .integer(.max), .integer(.min), .number(9e99), .number(-0.5), "", "x", "\u{0}", "[DONE]", [], [:], [[]], [nil],
        ["error": "No."], ["error": ["code": 500]], "content_filter", "length", "completed", "incomplete", "failed", "function_call", "reasoning",
    ]

    init(seed: UInt64) {
        generator = SeededGenerator(seed: seed)
    }

    /// One to three bytes or stretches of bytes that are something else, missing, or there twice.
    mutating func bytes(_ bytes: [UInt8]) -> [UInt8] {
        var bytes = bytes
        for _ in 0..<Int.random(in: 1...3, using: &generator) where !bytes.isEmpty {
            let place = Int.random(in: bytes.indices, using: &generator)
            let end = min(bytes.count, place + Int.random(in: 1...60, using: &generator))
            switch Int.random(in: 0..<4, using: &generator) {
            case 0: bytes[place] = UInt8.random(in: 0...255, using: &generator)
            case 1: bytes.removeSubrange(place..<end)
            case 2: bytes.insert(contentsOf: bytes[place..<end], at: place)
            default: bytes.swapAt(place, Int.random(in: bytes.indices, using: &generator))
            }
        }
        return bytes
    }

    /// A stream of which some events have other values, and some come again or not at all.
    mutating func stream(_ events: [JSONValue]) -> String {
        var events = events
        for _ in 0..<Int.random(in: 1...3, using: &generator) where !events.isEmpty {
            let place = Int.random(in: events.indices, using: &generator)
            switch Int.random(in: 0..<6, using: &generator) {
            case 0: events.remove(at: place)
            case 1: events.insert(events[place], at: Int.random(in: events.indices, using: &generator))
            default: events[place] = json(events[place])
            }
        }
        return events.map { "data: \($0.text)\n\n" }.joined() + (generator.chance(2) ? "data: [DONE]\n\n" : "")
    }

    /// One value somewhere within is another one, missing, or there under another's key.
    mutating func json(_ json: JSONValue) -> JSONValue {
        if generator.chance(6) { return value() }
        if let members = json.object, let key = members.keys.sorted().randomElement(using: &generator), let member = members[key] {
            var changed = members
            switch Int.random(in: 0..<8, using: &generator) {
            case 0: changed[key] = nil
            case 1: changed[members.keys.sorted().randomElement(using: &generator) ?? key] = member
            default: changed[key] = self.json(member)
            }
            return .object(changed)
        }
        if let elements = json.array, let place = elements.indices.randomElement(using: &generator) {
            var changed = elements
            if generator.chance(4) { changed.append(elements[place]) } else { changed[place] = self.json(elements[place]) }
            return .array(changed)
        }
        return value()
    }

    /// One of these.
    mutating func one<Element>(of elements: [Element]) -> Element? {
        elements.randomElement(using: &generator)
    }

    private mutating func value() -> JSONValue {
        WireMutation.values.randomElement(using: &generator) ?? .null
    }
}
