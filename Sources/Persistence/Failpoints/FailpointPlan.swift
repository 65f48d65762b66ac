#if DEBUG
    import Foundation
    import Synchronization

    /// What is to happen at one place: `FAILPOINT=PLACE:N:ACTION` in the environment, at the Nth time that the process comes there.
    ///
    /// The actions: `kill` ends the process at once; `error` throws what a
    /// connection throws that was lost during its commit; `stop` halts the whole process until it is continued from outside;
    /// `stall=MILLISECONDS` holds up the thread that came there. With N from 1; `*` is every time.
    @usableFromInline
    package final class FailpointPlan: Sendable {
        enum Action: Equatable {
            case kill, error, stop
            case stall(milliseconds: UInt32)
        }

        @usableFromInline static let ofThisProcess = ProcessInfo.processInfo.environment["FAILPOINT"].flatMap { FailpointPlan($0) }

        let place: Failpoint
        /// Nil for every time.
        let time: Int?
        let action: Action
        private let times = Mutex(0)

        init?(_ text: String) {
            let parts = text.split(separator: ":").map(String.init)
            guard parts.count == 3, let place = Failpoint(rawValue: parts[0]), let action = Action(parts[2]) else { return nil }
            let time = Int(parts[1])
            guard time.map({ $0 > 0 }) ?? (parts[1] == "*") else { return nil }
            self.place = place
            self.time = time
            self.action = action
        }

        @usableFromInline
        func reach(_ place: Failpoint) throws {
            guard place == self.place else { return }
            let count = times.withLock { times in
                times += 1
                return times
            }
            guard time == nil || time == count else { return }
            switch action {
            case .kill: kill(getpid(), SIGKILL)
            case .stop: kill(getpid(), SIGSTOP)
            case .stall(let milliseconds): usleep(milliseconds * 1_000)
            case .error: throw StoreError.outcomeUnknown
            }
        }
    }

    extension FailpointPlan.Action {
        init?(_ text: String) {
            switch text {
            case "kill": self = .kill
            case "error": self = .error
            case "stop": self = .stop
            default:
                guard text.hasPrefix("stall="), let milliseconds = UInt32(text.dropFirst(6)), milliseconds <= 60_000 else { return nil }
                self = .stall(milliseconds: milliseconds)
            }
        }
    }
#endif
