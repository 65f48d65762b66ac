import Logging

/// The connection of one thread, made anew when it breaks. Confined to that thread.
final class PostgresLink {
    let limits: PostgresLimits

    private let address: PostgresAddress
    private let wakeUp: WakeUp
    private let logger: Logger
    private var connection: PostgresConnection?
    private var hasConnected = false
    private var failures = 0
    private var nextTry = ContinuousClock.now

    init(to address: PostgresAddress, limits: PostgresLimits, wakeUp: WakeUp, logger: Logger) {
        self.address = address
        self.limits = limits
        self.wakeUp = wakeUp
        self.logger = logger
    }

    /// The connection, if it can be used as it is.
    var current: PostgresConnection? {
        if connection?.isBroken == true { drop() }
        return connection
    }

    /// A connection that can be used, tried for with back-off until the deadline. Throws `StoreError.unreachable`.
    func connected(until deadline: ContinuousClock.Instant) throws -> PostgresConnection {
        while true {
            if let current { return current }
            let now = ContinuousClock.now
            guard now < deadline else { throw StoreError.unreachable }
            if now < nextTry { wakeUp.wait(until: min(nextTry, deadline)) } else { connect(until: deadline) }
        }
    }

    /// Waits for a call. A connection that the server ends meanwhile is replaced, so that the next user finds a whole one.
    func rest() {
        if let current {
            wakeUp.wait(orReadable: current.socket)
            current.readUnasked()
            if current.isBroken { drop() }
        } else if hasConnected {
            wakeUp.wait(until: nextTry)
            if ContinuousClock.now >= nextTry { connect(until: .now + limits.connect) }
        } else {
            wakeUp.wait()
        }
    }

    /// Waits for the shortest time between two tries.
    func pause() {
        wakeUp.wait(until: .now + limits.backOff.lowerBound)
    }

    /// Closes the connection.
    func drop() {
        connection = nil
    }

    private func connect(until deadline: ContinuousClock.Instant) {
        do {
            connection = try PostgresConnection(to: address, limits: limits, until: deadline)
            if failures > 0 { logger.notice("the database can be reached again", metadata: ["failures": "\(failures)"]) }
            hasConnected = true
            failures = 0
            nextTry = .now
        } catch {
            if failures == 0 { logger.warning("the database cannot be reached", metadata: ["reason": "\(error)"]) }
            failures += 1
            nextTry = .now + min(limits.backOff.upperBound, limits.backOff.lowerBound * (1 << min(failures - 1, 10)))
        }
    }
}
