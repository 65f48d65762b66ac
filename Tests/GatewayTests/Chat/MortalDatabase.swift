import AgentTesting
import Persistence
import Synchronization

/// The database as a process sees it that is killed: after its last write nothing more of what it does reaches the database.
final class MortalDatabase: Database {
    struct Death: Error {}

    private enum Life {
        case endless
        case writesLeft(Int)
        case over
    }

    /// Opens when the process has died.
    let death = Gate()
    private let base: any Database
    private let hearsLast: Bool
    private let life = Mutex(Life.endless)

    /// - Parameter hearsLast: Whether the process hears that its last write is durable.
    init(_ base: any Database, hearsLast: Bool) {
        self.base = base
        self.hearsLast = hearsLast
    }

    var hints: any RunHints { base.hints }

    /// Lets the process live for so many writes more.
    func die(after writes: Int) {
        life.withLock { $0 = .writesLeft(writes) }
    }

    func read<T: Sendable>(_ body: @Sendable @escaping (Transaction) throws -> T) async throws -> T {
        if case .over = life.withLock({ $0 }) { throw Death() }
        return try await base.read(body)
    }

    func enqueue<T: Sendable>(_ body: @Sendable @escaping (Transaction) throws -> T) -> PendingWrite<T> {
        switch takeWrite() {
        case .performed: return base.enqueue(body)
        case .unheard:
            _ = base.enqueue(body)
            death.open()
            return PendingWrite(refused: Death())
        case .refused:
            death.open()
            return PendingWrite(refused: Death())
        }
    }

    private func takeWrite() -> Write {
        life.withLock { life in
            switch life {
            case .endless: return .performed
            case .writesLeft(let left) where left > 1 || (left == 1 && hearsLast):
                life = .writesLeft(left - 1)
                return .performed
            case .writesLeft(1):
                life = .over
                return .unheard
            case .writesLeft, .over:
                life = .over
                return .refused
            }
        }
    }

    private enum Write { case performed, unheard, refused }
}
