import Synchronization

/// The host's name for one tool call, `run/turn/index`, which also numbers the writes made within the call.
///
/// A resumed call makes the same writes under the same keys, so that a store can tell a repetition from a new write.
public final class CallKey: Sendable {
    public let run: String
    public let turn: Int
    public let index: Int

    private let writes = Mutex(0)

    public init(run: String, turn: Int, index: Int) {
        self.run = run
        self.turn = turn
        self.index = index
    }

    public var text: String { "\(run)/\(turn)/\(index)" }

    /// The key of the call's next write, `run/turn/index/n`, counted from 1.
    public func nextWrite() -> String {
        let ordinal = writes.withLock { count in
            count &+= 1
            return count
        }
        return "\(text)/\(ordinal)"
    }
}
