import Foundation

/// The numbered requirements of the gateway, as the names of tests and the page about them account for them.
struct RequirementCoverage {
    /// The numbers that `make test` has to account for; the others are tested by `make torture`.
    static let demanded = (Array(1...92) + Array(101...113)).map(number)
    /// Every number that there is.
    static let all = (1...120).map(number)

    /// The numbers in the names of tests, in Swift and in Python.
    let tested: Set<String>
    /// The numbers that the page explains.
    let explained: Set<String>
    /// The numbers that are done otherwise, or held by something other than a test, with the reason.
    let decided: Set<String>
    /// The numbers whose tests are still to come.
    let open: Set<String>

    init(swift: [String], python: [String], page: String) {
        let names =
            swift.flatMap { $0.matches(of: /func ((?:r\d{3}_)+)/).map(\.1) }
            + python.flatMap { $0.matches(of: /def (?:test_)?((?:r\d{3}_)+)/).map(\.1) }
        tested = Set(names.flatMap { $0.split(separator: "_").map { "R-" + $0.dropFirst() } }).intersection(Self.all)
        explained = Self.numbers(in: page, under: "The numbers")
        decided = Self.numbers(in: page, under: "Decided otherwise")
        open = Self.numbers(in: page, under: "Open")
    }

    /// Reads the package that the file `path` is in.
    init(packageOf path: String) throws {
        let root = (0..<4).reduce(URL(filePath: path).resolvingSymlinksInPath()) { url, _ in url.deletingLastPathComponent() }
        let tests = root.appending(path: "Tests")
        let names = try FileManager.default.subpathsOfDirectory(atPath: tests.path())
        func sources(_ ending: String) throws -> [String] {
            try names.filter { $0.hasSuffix(ending) }.map { try String(contentsOf: tests.appending(path: $0), encoding: .utf8) }
        }
        self.init(
            swift: try sources(".swift"), python: try sources(".py"),
            page: try String(contentsOf: root.appending(path: "docs/requirements.md"), encoding: .utf8))
    }

    /// What is demanded and has neither a test nor a line, in order.
    var missing: [String] { Self.demanded.filter { !tested.contains($0) && !decided.contains($0) && !open.contains($0) } }

    /// What is on the page and no number, or is not explained there.
    var mistaken: Set<String> {
        explained.symmetricDifference(Self.all).union(decided.union(open).subtracting(Self.all)).union(decided.intersection(open))
    }

    private static func number(_ value: Int) -> String {
        "R-" + String("00\(value)".suffix(3))
    }

    /// The numbers at the beginning of the items of a section.
    private static func numbers(in page: String, under heading: String) -> Set<String> {
        let lines = page.split(whereSeparator: \.isNewline)
        let section = lines.drop { $0 != "## \(heading)" }.dropFirst().prefix { !$0.hasPrefix("## ") }
        return Set(section.compactMap { $0.prefixMatch(of: /- \*\*(R-\d+)\*\*: \S/).map { String($0.1) } })
    }
}
