#if DEBUG
    import Foundation
#endif

/// The rules that the kill sweep breaks on purpose, to see that it notices. A release build keeps them all.
@usableFromInline
package enum KeptRule: String, Sendable {
    /// A write of a run checks, in its own transaction, that the run is still its process's.
    case claim
    /// What was decided is shown after its commit.
    case order
    /// A commit returns after its fsync.
    case sync

    /// False in a debug build with `BROKEN_RULE` naming the rule.
    @inlinable
    package var isKept: Bool {
        #if DEBUG
            KeptRule.broken != self
        #else
            true
        #endif
    }

    #if DEBUG
        @usableFromInline static let broken = ProcessInfo.processInfo.environment["BROKEN_RULE"].flatMap { KeptRule(rawValue: $0) }
    #endif
}
