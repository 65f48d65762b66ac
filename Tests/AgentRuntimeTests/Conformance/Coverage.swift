import Foundation

/// The numbered behaviours of the Agents SDK, as the tests' names and the page of differences account for them.
struct Coverage {
    /// The numbers in the names of test functions, by letter and number: `T43`.
    let tested: Set<String>
    /// The numbers on the page of differences.
    let differing: Set<String>
    /// Those of them whose tests show what is done instead.
    let differingAndTested: Set<String>

    /// The groups: their letters, and their last numbers.
    private static let groups: [(letter: String, last: Int)] = [
        ("L", 40), ("T", 90), ("S", 100), ("H", 121), ("G", 139), ("M", 157), ("V", 164), ("R", 179), ("A", 200), ("N", 206), ("P", 220),
        ("K", 226), ("C", 234), ("Y", 250), ("Z", 254),
    ]

    /// Every numbered behaviour.
    static let all: [String] = zip(groups, [0] + groups.map(\.last)).flatMap { group, before in
        (before + 1...group.last).map { "\(group.letter)\($0)" }
    }

    init(testSources: [String], differences: String) {
        tested = Set(testSources.flatMap(Coverage.numbersInNames))
        let lines = differences.split(whereSeparator: \.isNewline).compactMap { $0.wholeMatch(of: /- \*\*([A-Z]\d+)\*\*( \(tested\))?: \S.*/) }
        differing = Set(lines.map { String($0.1) })
        differingAndTested = Set(lines.filter { $0.2 != nil }.map { String($0.1) })
    }

    /// Reads the package that the file `path` is in.
    init(packageOf path: String) throws {
        let file = URL(filePath: path).resolvingSymlinksInPath()
        let root = (0..<4).reduce(file) { url, _ in url.deletingLastPathComponent() }
        let tests = root.appending(path: "Tests")
        let names = try FileManager.default.subpathsOfDirectory(atPath: tests.path()).filter { $0.hasSuffix(".swift") }
        let page = root.appending(path: "Sources/AgentRuntime/Documentation.docc/DeliberateDifferences.md")
        self.init(
            testSources: try names.map { try String(contentsOf: tests.appending(path: $0), encoding: .utf8) },
            differences: try String(contentsOf: page, encoding: .utf8))
    }

    /// What is neither tested nor a listed difference, in order.
    var missing: [String] { Coverage.all.filter { !tested.contains($0) && !differing.contains($0) } }

    /// Listed as done otherwise without a test, while a test claims it, or the other way round.
    var contradictions: Set<String> {
        differing.subtracting(differingAndTested).intersection(tested).union(differingAndTested.subtracting(tested))
    }

    /// What is tested or listed, and no numbered behaviour.
    var unknown: Set<String> { tested.union(differing).subtracting(Coverage.all) }

    /// R-001 to R-120 are the requirements of the gateway, which have the same letter as a group of these.
    private static let requirements = Set((1...120).map { "R" + String("00\($0)".suffix(3)) })

    private static func numbersInNames(of source: String) -> [String] {
        source.matches(of: /func ((?:[a-z]\d+_)+)/).flatMap { $0.1.split(separator: "_") }.map { $0.uppercased() }
            .filter { !requirements.contains($0) }
    }
}
