/// How many values were at most each of some bounds, and what they add up to.
public struct Histogram: Sendable, Hashable {
    /// Rising; beyond the last one everything is counted together.
    public let bounds: [Double]
    /// One for each bound, and one for what is beyond them.
    public private(set) var counts: [Int]
    public private(set) var sum = 0.0

    public init(bounds: [Double]) {
        self.bounds = bounds
        counts = [Int](repeating: 0, count: bounds.count + 1)
    }

    public var count: Int { counts.reduce(0, &+) }

    public mutating func record(_ value: Double) {
        counts[bounds.firstIndex { value <= $0 } ?? bounds.count] &+= 1
        sum += value
    }

    /// In seconds.
    public mutating func record(_ duration: Duration) {
        record(Double(duration.components.seconds) + Double(duration.components.attoseconds) / 1e18)
    }
}

extension Histogram {
    /// Of what answers while somebody waits, in seconds.
    public static let latencies = Histogram(bounds: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10])
    /// Of what takes a while, in seconds.
    public static let durations = Histogram(bounds: [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 30, 60, 120, 300])
}
