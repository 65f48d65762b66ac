import Foundation
import Testing

/// No file and no function of the package is too long to be taken in at once.
struct SourceSizeTests {
    @Test func noFileAndNoFunctionIsTooLong() throws {
        let root = (0..<4).reduce(URL(filePath: #filePath).resolvingSymlinksInPath()) { url, _ in url.deletingLastPathComponent() }
        var files = 0
        for folder in ["Sources", "Tests"].map({ root.appending(path: $0) }) {
            for path in try FileManager.default.subpathsOfDirectory(atPath: folder.path()) where path.hasSuffix(".swift") {
                files += 1
                #expect(overlong(in: try String(contentsOf: folder.appending(path: path), encoding: .utf8)) == [], "\(path)")
            }
        }
        #expect(files > 400)
    }

    @Test func whatIsTooLongIsFound() {
        func lines(_ count: Int, _ indentation: String = "") -> String { String(repeating: "\(indentation)    let a = 1\n", count: count) }
        // The words are set in so that these texts hold no long function themselves.
        let (function, initializer) = ("func", "init")
        #expect(overlong(in: "\(function) a() {\n\(lines(48))}\n") == [])
        #expect(overlong(in: "\(function) a() {\n\(lines(49))}\n") == ["\(function) a() {: 51 lines"])
        #expect(
            overlong(in: "struct A {\n    \(initializer)(\n        a: Int\n    ) {\n\(lines(47, "    "))    }\n}\n") == ["\(initializer)(: 51 lines"])
        #expect(overlong(in: "    var a: Int {\n\(lines(30, "    "))\n    #if DEBUG\n\(lines(30, "    "))    }\n") == ["var a: Int {: 64 lines"])
        #expect(overlong(in: "struct A {\n\(lines(200))}\nlet b = [\n\(lines(60))]\n\(function) c()\n") == [])
        #expect(overlong(in: lines(401)) == ["401 lines"])
    }

    /// What is longer than a file or a function may be. The formatter's indentation says where a function ends.
    private func overlong(in source: String) -> [String] {
        let lines = source.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        var found = lines.count - 1 > 400 ? ["\(lines.count - 1) lines"] : []
        /// The latest line of each indentation that may begin something.
        var openers: [Int: Int] = [:]
        for (place, line) in lines.enumerated() {
            let text = line.drop { $0 == UInt8(ascii: " ") }
            let indentation = line.count - text.count
            switch text.first {
            case nil, UInt8(ascii: ")"), UInt8(ascii: "#"), UInt8(ascii: "/"): continue
            case UInt8(ascii: "}"):
                guard let opener = openers[indentation], place - opener + 1 > 50 else { continue }
                let declaration = String(decoding: lines[opener].drop { $0 == UInt8(ascii: " ") }, as: UTF8.self)
                guard declaration.contains(/\b(func|init|deinit|subscript)\b|\b(var|let)\b.*\{$/) else { continue }
                found.append("\(declaration): \(place - opener + 1) lines")
            default: openers[indentation] = place
            }
        }
        return found
    }
}
