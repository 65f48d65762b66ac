import FoundationEssentials
import Logging
import Synchronization

/// Hints among the processes that share a server, by LISTEN and NOTIFY on a connection of their own. https://www.postgresql.org/docs/current/sql-notify.html
///
/// A notification is sent outside of every transaction that writes, because the server lets only one transaction that notifies commit at a
/// time; and every 50 ms at most, with all runs that have been announced.
final class PostgresRunHints: RunHints {
    private struct State {
        var announced: Set<String> = []
        var isStarted = false
        var isClosed = false
    }

    private static let interval = Duration.milliseconds(50)
    /// The server takes 7,999 bytes.
    private static let payloadLimit = 7_900
    /// What is announced while there is no connection is no longer news after it.
    private static let announcedLimit = 10_000

    private let address: PostgresAddress
    private let limits: PostgresLimits
    private let logger: Logger
    private let channel: String
    private let wakeUp: WakeUp
    private let local = LocalRunHints()
    private let state = Mutex(State())
    private let ending = Ending()

    init(of address: PostgresAddress, limits: PostgresLimits, logger: Logger) throws {
        self.address = address
        self.limits = limits
        self.logger = logger
        // A channel is the whole database's; each schema is an installation of its own.
        channel = "agent_runs" + (address.schema.map { "_" + Fingerprint.of(Data($0.utf8)).prefix(16) } ?? "")
        wakeUp = try WakeUp()
    }

    func announce(_ run: String) {
        local.announce(run)
        let isNew = state.withLock { state in
            guard state.announced.count < Self.announcedLimit else { return false }
            return state.announced.insert(run).inserted
        }
        if isNew { wakeOrStart() }
    }

    func hints(of run: String) -> AsyncStream<Void> {
        defer { wakeOrStart() }
        return local.hints(of: run)
    }

    func stop() {
        let isStarted = state.withLock { state in
            state.isClosed = true
            return state.isStarted
        }
        if isStarted { wakeUp.call() } else { ending.end() }
    }

    /// Returns when the connection is closed.
    func close() async {
        stop()
        await ending.wait()
    }

    private func wakeOrStart() {
        let starts = state.withLock { state in
            defer { state.isStarted = state.isStarted || !state.isClosed }
            return !state.isStarted && !state.isClosed
        }
        guard starts else { return wakeUp.call() }
        do {
            try PostgresThread.start("agent-db-listen") { [self] in
                work(over: PostgresLink(to: address, limits: limits, wakeUp: wakeUp, logger: logger))
            }
        } catch {
            // The next hint tries again; until then readers ask by themselves.
            state.withLock { $0.isStarted = false }
        }
    }

    // MARK: On the thread

    private func work(over link: PostgresLink) {
        var nextSending = ContinuousClock.now
        while !state.withLock({ $0.isClosed }) {
            guard let connection = link.current ?? listening(over: link) else { continue }
            deliver(connection.takeNotifications(), notFrom: connection.backend)
            let waits = state.withLock { !$0.announced.isEmpty }
            if waits, ContinuousClock.now >= nextSending {
                send(on: connection)
                nextSending = .now + Self.interval
            } else {
                wakeUp.wait(orReadable: connection.socket, until: waits ? nextSending : nil)
                connection.readUnasked()
            }
        }
        link.drop()
        ending.end()
    }

    /// A new connection that listens. Whatever was said before it did, readers find by reading now.
    private func listening(over link: PostgresLink) -> PostgresConnection? {
        do {
            let connection = try link.connected(until: .now + limits.connect)
            try connection.run("LISTEN \(channel)")
            local.announceAll()
            return connection
        } catch {
            link.drop()
            return nil
        }
    }

    private func deliver(_ notifications: [(payload: String, backend: Int32)], notFrom own: Int32) {
        for notification in notifications where notification.backend != own {
            for run in notification.payload.split(separator: ",") { local.announce(String(run)) }
        }
    }

    private func send(on connection: PostgresConnection) {
        var runs = state.withLock { Array(exchange(&$0.announced, with: [])) }.filter { $0.utf8.count < 200 }[...]
        while !runs.isEmpty {
            var payload = ""
            while let run = runs.first, payload.utf8.count + run.utf8.count < Self.payloadLimit {
                payload += payload.isEmpty ? run : "," + run
                runs.removeFirst()
            }
            // What is lost with the connection was only a hint.
            guard (try? connection.perform("SELECT pg_notify(\(channel), \(payload))")) != nil else { return }
        }
    }
}
