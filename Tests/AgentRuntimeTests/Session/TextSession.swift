import AgentRuntime
import Synchronization

/// A session that keeps text, as files and databases do, and fails when it is told to.
final class TextSession: Session {
    struct Full: Error {}

    private let kept: Mutex<(lines: [String], failures: Set<Int>, appends: [[Item]])>

    /// - Parameter failures: Which appends fail, the first being 0.
    init(_ items: [Item] = [], failures: Set<Int> = []) {
        kept = Mutex((items.map(\.json.text), failures, []))
    }

    /// What was appended, one entry an append.
    var appends: [[Item]] { kept.withLock { $0.appends } }

    func items() async throws -> [Item] {
        try kept.withLock { $0.lines }.map { Item(try JSONValue(json: $0)) }
    }

    func append(_ items: [Item]) async throws {
        try Task.checkCancellation()
        try kept.withLock { kept in
            let place = kept.appends.count
            kept.appends.append(items)
            if kept.failures.contains(place) { throw Full() }
            kept.lines += items.map(\.json.text)
        }
    }

    func pop() async throws -> Item? {
        try kept.withLock { $0.lines.popLast() }.map { Item(try JSONValue(json: $0)) }
    }

    func clear() async throws {
        kept.withLock { $0.lines = [] }
    }
}
