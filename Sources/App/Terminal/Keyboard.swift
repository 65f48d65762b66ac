import Foundation
import Synchronization

/// What the person at the terminal does: lines, Ctrl-C, and the end of input.
final class Keyboard: Sendable {
    enum Input: Sendable, Hashable {
        case line(String)
        /// Ctrl-C.
        case interrupt
        case end
    }

    fileprivate struct State {
        var lines: [String] = []
        var hasEnded = false
        var waiter: CheckedContinuation<Input, Never>?
        var stop: (@Sendable () -> Void)?
    }

    private let state = Mutex(State())

    /// Reads standard input on a thread of its own, since reading blocks, until the process ends.
    func read() {
        Thread.detachNewThread { [self] in
            while let line = readLine() { receive(line) }
            end()
        }
    }

    /// What comes next; one task may wait at a time.
    func next() async -> Input {
        await withCheckedContinuation { continuation in
            let input = state.withLock { state -> Input? in
                if !state.lines.isEmpty { return .line(state.lines.removeFirst()) }
                if state.hasEnded { return .end }
                state.waiter = continuation
                return nil
            }
            if let input { continuation.resume(returning: input) }
        }
    }

    /// Performs `work`, which Ctrl-C cancels while it does not wait for input itself.
    /// - Returns: Nil when it was stopped so.
    func stoppable<Output: Sendable>(_ work: @escaping @Sendable () async throws -> Output) async throws -> Output? {
        let (stops, stop) = AsyncStream<Void>.makeStream()
        state.withLock { $0.stop = { stop.yield() } }
        defer { state.withLock { $0.stop = nil } }
        return try await withThrowingTaskGroup(of: Output?.self) { group in
            group.addTask { try await work() }
            group.addTask {
                for await _ in stops { return nil }
                return nil
            }
            defer { group.cancelAll() }
            return try await group.next() ?? nil
        }
    }

    func receive(_ line: String) {
        let waiter = state.withLock { state in
            if state.waiter == nil { state.lines.append(line) }
            return state.takeWaiter()
        }
        waiter?.resume(returning: .line(line))
    }

    func interrupt() {
        let (waiter, stop) = state.withLock { ($0.takeWaiter(), $0.stop) }
        guard let waiter else { stop?(); return }
        waiter.resume(returning: .interrupt)
    }

    func end() {
        let waiter = state.withLock { state in
            state.hasEnded = true
            return state.takeWaiter()
        }
        waiter?.resume(returning: .end)
    }
}

extension Keyboard.State {
    fileprivate mutating func takeWaiter() -> CheckedContinuation<Keyboard.Input, Never>? {
        defer { waiter = nil }
        return waiter
    }
}
