import Synchronization

/// A generator that many requests share.
final class Chance: Sendable {
    private let generator: Mutex<any RandomNumberGenerator & Sendable>

    init(_ generator: any RandomNumberGenerator & Sendable) {
        self.generator = Mutex(generator)
    }

    func upToOne() -> Double {
        generator.withLock { Double.random(in: 0...1, using: &$0) }
    }
}
