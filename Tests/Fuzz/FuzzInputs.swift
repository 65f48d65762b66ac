import AgentTesting

/// Makes inputs: one of the corpus, changed a few times; now and then bytes by chance.
struct FuzzInputs {
    private let target: FuzzTarget
    private var chance: SeededGenerator

    /// - Parameter batch: Each has its own numbers, so that any one can be repeated alone.
    init(for target: FuzzTarget, seed: UInt64, batch: Int) {
        self.target = target
        var mixer = SeededGenerator(seed: seed)
        let name = target.name.utf8.reduce(UInt64(batch)) { ($0 &* 31) &+ UInt64($1) }
        chance = SeededGenerator(seed: mixer.next() ^ (name &* 0x9E37_79B9_7F4A_7C15))
    }

    mutating func next() -> [UInt8] {
        guard below(50) > 0, var input = target.corpus.randomElement(using: &chance) else { return noise() }
        for _ in 0..<(1 + below(6)) { change(&input) }
        if input.count > 4_096 { input.removeSubrange(4_096...) }
        return input
    }

    private mutating func below(_ bound: Int) -> Int {
        Int.random(in: 0..<max(bound, 1), using: &chance)
    }

    private mutating func noise() -> [UInt8] {
        (0..<below(64)).map { _ in UInt8.random(in: .min ... .max, using: &chance) }
    }

    private mutating func change(_ input: inout [UInt8]) {
        let place = below(input.count + 1)
        switch below(9) {
        case 0: if place < input.count { input[place] ^= 1 << UInt8(below(8)) }
        case 1: if place < input.count { input[place] = UInt8.random(in: .min ... .max, using: &chance) }
        case 2: input.insert(contentsOf: target.words.randomElement(using: &chance) ?? [], at: place)
        case 3: input.replaceSubrange(place..<min(input.count, place + below(6)), with: target.words.randomElement(using: &chance) ?? [])
        case 4: input.removeSubrange(place..<min(input.count, place + below(12)))
        case 5: input.removeSubrange(place...)
        case 6: input.insert(contentsOf: input[place..<min(input.count, place + below(40))], at: below(input.count + 1))
        case 7: join(&input, at: place)
        default: repeatWord(in: &input, at: place)
        }
    }

    private mutating func join(_ input: inout [UInt8], at place: Int) {
        guard let other = target.corpus.randomElement(using: &chance) else { return }
        input.replaceSubrange(place..., with: other[below(other.count + 1)...])
    }

    private mutating func repeatWord(in input: inout [UInt8], at place: Int) {
        let word = target.words.randomElement(using: &chance) ?? []
        let count = below(8) == 0 ? below(300) : below(8)
        input.insert(contentsOf: (0..<count).flatMap { _ in word }, at: place)
    }
}
