/// A page of `/metrics` as Prometheus reads it: https://prometheus.io/docs/instrumenting/exposition_formats/
struct ScrapedMetrics {
    struct Sample: Hashable {
        let name: String
        let labels: [String: String]
        let value: Double
    }

    struct Malformed: Error {
        let line: String
    }

    private(set) var types: [String: String] = [:]
    private(set) var samples: [Sample] = []

    init(_ text: String) throws {
        guard text.hasSuffix("\n") else { throw Malformed(line: "the end") }
        for line in text.split(separator: "\n").map(String.init) {
            let words = line.split(separator: " ", maxSplits: 3).map(String.init)
            if line.hasPrefix("# HELP ") {
                guard words.count == 4, types[words[2]] == nil else { throw Malformed(line: line) }
            } else if line.hasPrefix("# TYPE ") {
                guard words.count == 4, types[words[2]] == nil, ["counter", "gauge", "histogram"].contains(words[3]) else {
                    throw Malformed(line: line)
                }
                types[words[2]] = words[3]
            } else {
                samples.append(try Self.sample(line))
                guard type(of: samples[samples.count - 1].name) != nil else { throw Malformed(line: line) }
            }
        }
    }

    /// The kind of figure that a sample belongs to; nil for one that was not announced.
    func type(of name: String) -> String? {
        if let type = types[name] { return type == "histogram" ? nil : type }
        for ending in ["_bucket", "_sum", "_count"] where name.hasSuffix(ending) && types[String(name.dropLast(ending.count))] == "histogram" {
            return "histogram"
        }
        return nil
    }

    /// The value of the one sample with these labels.
    func value(_ name: String, _ labels: [String: String] = [:]) -> Double? {
        samples.first { $0.name == name && $0.labels == labels }?.value
    }

    /// What a label has been.
    func labels(_ label: String, of name: String) -> Set<String> {
        Set(samples.filter { $0.name == name }.compactMap { $0.labels[label] })
    }

    private static func sample(_ line: String) throws -> Sample {
        guard let space = line.lastIndex(of: " "), let value = Double(line[line.index(after: space)...]) else { throw Malformed(line: line) }
        let head = line[..<space]
        guard let brace = head.firstIndex(of: "{") else { return Sample(name: try name(head, line), labels: [:], value: value) }
        guard head.last == "}" else { throw Malformed(line: line) }
        var labels: [String: String] = [:]
        var rest = head[head.index(after: brace)...].dropLast()
        while !rest.isEmpty {
            guard let equals = rest.firstIndex(of: "="), rest[rest.index(after: equals)...].first == "\"" else { throw Malformed(line: line) }
            let label = try name(rest[..<equals], line)
            rest = rest[rest.index(equals, offsetBy: 2)...]
            var value = ""
            while let character = rest.popFirst(), character != "\"" {
                guard character == "\\" else { value.append(character); continue }
                guard let escaped = rest.popFirst(), let meant = ["\\": "\\", "\"": "\"", "n": "\n"][escaped] else { throw Malformed(line: line) }
                value += meant
            }
            guard labels.updateValue(value, forKey: label) == nil else { throw Malformed(line: line) }
            if rest.first == "," { rest = rest.dropFirst() } else if !rest.isEmpty { throw Malformed(line: line) }
        }
        return Sample(name: try name(head[..<brace], line), labels: labels, value: value)
    }

    private static func name(_ text: Substring, _ line: String) throws -> String {
        let isName = !text.isEmpty && text.utf8.allSatisfy { ($0 | 0x20 >= 0x61 && $0 | 0x20 <= 0x7A) || ($0 >= 0x30 && $0 <= 0x39) || $0 == 0x5F }
        guard isName, text.first?.isNumber == false else { throw Malformed(line: line) }
        return String(text)
    }
}
