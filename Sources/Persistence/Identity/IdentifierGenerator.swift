import Synchronization

/// Makes UUIDv7 texts that sort by time, and in the order of their making within a process: https://www.rfc-editor.org/rfc/rfc9562#name-uuid-version-7
///
/// The twelve bits after the milliseconds count (method 1 of section 6.2), so a clock that stands still or goes back changes nothing.
public final class IdentifierGenerator: Sendable {
    private struct State {
        var milliseconds: UInt64 = 0
        var count: UInt64 = 0
    }

    private let clock: WallClock
    private let random: @Sendable () -> UInt64
    private let state = Mutex(State())

    /// - Parameter random: 64 fresh random bits.
    public init(clock: WallClock = .system, random: @escaping @Sendable () -> UInt64 = { UInt64.random(in: .min ... .max) }) {
        self.clock = clock
        self.random = random
    }

    /// 36 characters, lower case.
    public func next() -> String {
        let now = UInt64(max(0, clock.now.milliseconds)) & 0xFFFF_FFFF_FFFF
        let (milliseconds, count) = state.withLock { state in
            if now > state.milliseconds {
                state = State(milliseconds: now, count: random() & 0x7FF)
            } else if state.count == 0xFFF {
                state = State(milliseconds: state.milliseconds &+ 1, count: 0)
            } else {
                state.count += 1
            }
            return (state.milliseconds, state.count)
        }
        let high = (milliseconds & 0xFFFF_FFFF_FFFF) << 16 | 0x7000 | count
        let low = random() & 0x3FFF_FFFF_FFFF_FFFF | 0x8000_0000_0000_0000
        return Self.text(high, low)
    }

    private static func text(_ high: UInt64, _ low: UInt64) -> String {
        let digits = Array("0123456789abcdef".utf8)
        var bytes: [UInt8] = []
        bytes.reserveCapacity(36)
        for (word, dashes) in [(high, [8, 12]), (low, [0, 4])] {
            for nibble in 0..<16 {
                if dashes.contains(nibble) { bytes.append(UInt8(ascii: "-")) }
                bytes.append(digits[Int(word >> UInt64(60 - nibble * 4) & 0xF)])
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
