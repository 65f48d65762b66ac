import AgentRuntime
import Synchronization

/// One figure under one name, kept apart by the values of its labels.
///
/// Values of labels come from what this program knows, such as the templates of its routes, never from what a client or a model sends. Should
/// one grow all the same, what is beyond `capacity` is counted together as `other`.
final class MetricFamily<Value: Sendable>: Sendable {
    struct Series: Sendable {
        let labels: [String]
        let value: Value
    }

    static var capacity: Int { 1_000 }

    let name: String
    let help: String
    let labelNames: [String]
    private let start: Value
    private let values = Mutex<[[String]: Value]>([:])

    init(_ name: String, _ help: String, _ labelNames: [String] = [], from start: Value) {
        self.name = name
        self.help = help
        self.labelNames = labelNames
        self.start = start
    }

    /// - Parameter labels: As many as there are names.
    func update(_ labels: [String], _ change: (inout Value) -> Void) {
        values.withLock { values in
            let isKnown = values[labels] != nil || values.count < Self.capacity
            change(&values[isKnown ? labels : labels.map { _ in "other" }, default: start])
        }
    }

    /// In the order of their labels.
    var series: [Series] {
        values.withLock { $0 }.map { Series(labels: $0.key, value: $0.value) }.sorted { $0.labels.lexicographicallyPrecedes($1.labels) }
    }
}

extension MetricFamily<Int> {
    convenience init(_ name: String, _ help: String, _ labelNames: [String] = []) {
        self.init(name, help, labelNames, from: 0)
    }

    func count(_ labels: String..., by amount: Int = 1) {
        update(labels) { $0 = $0 &+ max(0, amount) }
    }
}

extension MetricFamily<Histogram> {
    func record(_ duration: Duration, _ labels: String...) {
        update(labels) { $0.record(duration) }
    }
}
