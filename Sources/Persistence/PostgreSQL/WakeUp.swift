import CPostgres
import Glibc

/// Wakes one thread that waits in `poll`, from any other.
final class WakeUp: Sendable {
    /// An eventfd, readable once somebody has called.
    let descriptor: Int32

    init() throws {
        descriptor = eventfd(0, Int32(EFD_CLOEXEC | EFD_NONBLOCK))
        guard descriptor >= 0 else { throw StoreError.inputOutput("no more files can be opened") }
    }

    deinit {
        close(descriptor)
    }

    func call() {
        eventfd_write(descriptor, 1)
    }

    /// Waits for a call, for something to read from `socket`, or for the deadline. Only for the thread that is to be woken.
    func wait(orReadable socket: Int32? = nil, until deadline: ContinuousClock.Instant? = nil) {
        var descriptors = [pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0), pollfd(fd: socket ?? -1, events: Int16(POLLIN), revents: 0)]
        poll(&descriptors, nfds_t(descriptors.count), Self.milliseconds(until: deadline))
        var count: eventfd_t = 0
        eventfd_read(descriptor, &count)
    }

    /// What `poll` takes: rounded up, 0 for what is over, -1 for never.
    static func milliseconds(until deadline: ContinuousClock.Instant?) -> Int32 {
        guard let deadline else { return -1 }
        return Int32(clamping: max(.zero, deadline - .now).inMilliseconds)
    }
}

extension Duration {
    /// Rounded up.
    var inMilliseconds: Int64 {
        let (seconds, attoseconds) = components
        let (whole, overflow) = seconds.multipliedReportingOverflow(by: 1_000)
        let rest = (attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000
        let (sum, leaves) = whole.addingReportingOverflow(rest)
        return overflow || leaves ? (seconds < 0 ? .min : .max) : sum
    }
}
