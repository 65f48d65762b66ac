public import Foundation
import Synchronization

private let launching = Mutex(())

extension Process {
    /// Runs the process, one at a time: Foundation on Linux does not take two threads that do so at once.
    public func runAlone() throws {
        try launching.withLock { _ in try run() }
    }
}
