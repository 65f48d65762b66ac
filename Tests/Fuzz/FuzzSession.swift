/// One parser with all its inputs, in batches that are worked on side by side.
struct FuzzSession: Sendable {
    static let batch = 50_000

    let target: FuzzTarget
    let seed: UInt64
    let inputs: Int
    /// The number of the first batch.
    let first: Int
    let tellsInputs: Bool

    /// Whether nothing was wrong.
    func run() async -> Bool {
        let clock = ContinuousClock()
        let began = clock.now
        let faults = await faults()
        let seconds = Double((clock.now - began) / .milliseconds(1)) / 1_000
        let rate = seconds > 0 ? Int(Double(inputs) / seconds) : inputs
        print("\(target.name): \(inputs) inputs, \(faults.count) faults, \(rate) inputs/s")
        for fault in faults.prefix(20) { print("FAULT \(target.name): \(fault)") }
        return faults.isEmpty
    }

    private func faults() async -> [String] {
        let batches = first..<(first + (inputs + Self.batch - 1) / Self.batch)
        return await withTaskGroup(of: [String].self) { group in
            var faults: [String] = []
            var waiting = batches.makeIterator()
            for _ in 0..<(tellsInputs ? 1 : 2) {
                if let batch = waiting.next() { group.addTask { faultsOf(batch) } }
            }
            while let found = await group.next() {
                faults += found
                if let batch = waiting.next() { group.addTask { faultsOf(batch) } }
            }
            return faults
        }
    }

    private func faultsOf(_ batch: Int) -> [String] {
        var source = FuzzInputs(for: target, seed: seed, batch: batch)
        let count = min(Self.batch, inputs - (batch - first) * Self.batch)
        return (0..<count).compactMap { number in
            let input = source.next()
            if tellsInputs { print("\(batch)/\(number): \(input)") }
            return target.check(input).map {
                "\($0); batch \(batch), input \(number): \(String(decoding: input.prefix(300), as: UTF8.self).debugDescription)"
            }
        }
    }
}
