import AgentRuntime

/// Figures in the text that Prometheus reads: https://prometheus.io/docs/instrumenting/exposition_formats/
struct MetricsText: Sendable {
    static let contentType = "text/plain; version=0.0.4; charset=utf-8"

    private(set) var text = ""

    mutating func add(_ family: MetricFamily<Int>) {
        begin(family.name, family.help, "counter")
        for series in family.series { line(family.name, family.labelNames, series.labels, String(series.value)) }
        // A figure without labels is there from the start, as 0.
        if family.labelNames.isEmpty, family.series.isEmpty { line(family.name, [], [], "0") }
    }

    mutating func add(_ family: MetricFamily<Histogram>) {
        begin(family.name, family.help, "histogram")
        for series in family.series { lines(family.name, family.labelNames, series.labels, series.value) }
    }

    mutating func add(_ name: String, _ help: String, _ histogram: Histogram) {
        begin(name, help, "histogram")
        lines(name, [], [], histogram)
    }

    mutating func add(counter name: String, _ help: String, _ value: Double) {
        begin(name, help, "counter")
        line(name, [], [], Self.number(value))
    }

    mutating func add(gauge name: String, _ help: String, _ value: Double) {
        begin(name, help, "gauge")
        line(name, [], [], Self.number(value))
    }

    /// - Parameter values: By what the label says.
    mutating func add(gauge name: String, _ help: String, _ label: String, _ values: [String: Double]) {
        begin(name, help, "gauge")
        for (key, value) in values.sorted(by: { $0.key < $1.key }) { line(name, [label], [key], Self.number(value)) }
    }

    private mutating func begin(_ name: String, _ help: String, _ type: String) {
        text += "# HELP \(name) \(Self.escaped(help))\n# TYPE \(name) \(type)\n"
    }

    private mutating func lines(_ name: String, _ names: [String], _ labels: [String], _ histogram: Histogram) {
        var below = 0
        for (bound, count) in zip(histogram.bounds.map(Self.number) + ["+Inf"], histogram.counts) {
            below += count
            line(name + "_bucket", names + ["le"], labels + [bound], String(below))
        }
        line(name + "_sum", names, labels, Self.number(histogram.sum))
        line(name + "_count", names, labels, String(below))
    }

    private mutating func line(_ name: String, _ names: [String], _ labels: [String], _ value: String) {
        let pairs = zip(names, labels).map { "\($0)=\"\(Self.escaped($1, quotes: true))\"" }
        text += pairs.isEmpty ? "\(name) \(value)\n" : "\(name){\(pairs.joined(separator: ","))} \(value)\n"
    }

    private static func number(_ value: Double) -> String {
        Int64(exactly: value).map(String.init) ?? String(value)
    }

    private static func escaped(_ text: String, quotes: Bool = false) -> String {
        var escaped = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\\": escaped += "\\\\"
            case "\n": escaped += "\\n"
            case "\"" where quotes: escaped += "\\\""
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }
}
