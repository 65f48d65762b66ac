import CPostgres
import Glibc

/// One connection of libpq, in non-blocking mode: every wait is a `poll` with a deadline. Confined to the thread that made it.
///
/// Once `isBroken` nothing can be done with it but to drop it, which closes it. Looking up a host's name is the one wait that libpq leaves to the
/// system's resolver and its timeouts.
final class PostgresConnection {
    private let connection: OpaquePointer
    /// How long an answer may take. What takes longer is not cancelled: the connection is broken.
    var answerLimit: Duration
    /// The cluster and its line of history, once somebody has asked.
    var identity: String?
    private var isGivenUp = false
    private var statements: [Statement: String] = [:]

    private struct Statement: Hashable {
        let text: String
        let types: [Oid]
    }

    /// Connects and makes the session's settings. Throws `StoreError.cannotOpen`.
    init(to address: PostgresAddress, limits: PostgresLimits, until deadline: ContinuousClock.Instant) throws {
        answerLimit = limits.answer
        let settings = address.connectionSettings(limits)
        let started = settings.names.withCStrings { names in
            settings.values.withCStrings { values in PQconnectStartParams(names, values, 0) }
        }
        guard let started else { throw StoreError.overloaded }
        connection = started
        // libpq would write the server's notices to the standard error.
        PQsetNoticeProcessor(connection, { _, _ in }, nil)
        try finishConnecting(to: address, until: min(deadline, .now + limits.connect))
        PQsetnonblocking(connection, 1)
        try run(address.sessionSettings(limits))
    }

    deinit {
        PQfinish(connection)
    }

    var isBroken: Bool { isGivenUp || PQstatus(connection) != CONNECTION_OK }

    /// The major version times 10,000 and the minor one.
    var serverVersion: Int32 { PQserverVersion(connection) }

    var socket: Int32 { PQsocket(connection) }

    /// The server's process, which tells one's own notifications from others'.
    var backend: Int32 { PQbackendPID(connection) }

    var isInsideTransaction: Bool {
        guard !isBroken else { return false }
        let status = PQtransactionStatus(connection)
        return status == PQTRANS_INTRANS || status == PQTRANS_INERROR
    }

    /// Whether a transaction is open in which nothing has failed.
    var canCommit: Bool { !isBroken && PQtransactionStatus(connection) == PQTRANS_INTRANS }

    /// Takes in what the server has sent without being asked; so it says that it ends the connection.
    func readUnasked() {
        guard !isBroken, PQconsumeInput(connection) == 1 else { return }
        while !isBroken, PQisBusy(connection) == 0, let result = PQgetResult(connection) { PQclear(result) }
    }

    /// What came by NOTIFY since the last time.
    func takeNotifications() -> [(payload: String, backend: Int32)] {
        var taken: [(String, Int32)] = []
        while let notification = PQnotifies(connection) {
            defer { PQfreemem(notification) }
            taken.append((notification.pointee.extra.map { String(cString: $0) } ?? "", notification.pointee.be_pid))
        }
        return taken
    }

    /// Runs statements without values, in one message, and gives the last one's answer.
    @discardableResult
    func run(_ text: String) throws -> PostgresAnswer {
        try answer { PQsendQuery(connection, text) }
    }

    /// Runs one statement, which stays prepared.
    func perform(_ sql: SQL) throws -> PostgresAnswer {
        let values = try sql.binds.map { try $0.text() }
        let name = try prepared(Statement(text: sql.text { "$\($0)" }, types: sql.binds.map(\.type)))
        return try answer {
            values.withCStrings { PQsendQueryPrepared(connection, name, Int32(values.count), $0, nil, nil, 0) }
        }
    }

    private func prepared(_ statement: Statement) throws -> String {
        if let name = statements[statement] { return name }
        if statements.count >= 256 {
            try run("DEALLOCATE ALL")
            statements = [:]
        }
        let name = "s\(statements.count)"
        _ = try answer { PQsendPrepare(connection, name, statement.text, Int32(statement.types.count), statement.types) }
        statements[statement] = name
        return name
    }

    // MARK: Waiting

    private func finishConnecting(to address: PostgresAddress, until deadline: ContinuousClock.Instant) throws {
        var status = PGRES_POLLING_WRITING
        while status != PGRES_POLLING_OK {
            guard status != PGRES_POLLING_FAILED, PQstatus(connection) != CONNECTION_BAD else {
                let reason = String(cString: PQerrorMessage(connection))
                throw StoreError.cannotOpen(path: address.description, reason: address.withoutPassword(reason))
            }
            guard wait(for: status == PGRES_POLLING_READING ? POLLIN : POLLOUT, until: deadline) else {
                throw StoreError.cannotOpen(path: address.description, reason: "it does not answer")
            }
            status = PQconnectPoll(connection)
        }
    }

    /// Sends what `send` queues, and reads everything that comes of it.
    private func answer(to send: () -> Int32) throws -> PostgresAnswer {
        guard !isBroken else { throw StoreError.unreachable }
        let deadline = ContinuousClock.now + answerLimit
        guard send() == 1 else { throw lost() }
        try flush(until: deadline)
        var answer = PostgresAnswer()
        var failure: (any Error)?
        while let result = try nextResult(until: deadline) {
            defer { PQclear(result) }
            do {
                answer = try PostgresAnswer(result)
            } catch {
                failure = failure ?? error
            }
        }
        // Whatever the server said last, the transaction went with the connection.
        if isBroken { throw StoreError.unreachable }
        if let failure { throw failure }
        return answer
    }

    private func flush(until deadline: ContinuousClock.Instant) throws {
        while true {
            switch PQflush(connection) {
            case 0: return
            case 1:
                guard wait(for: POLLIN | POLLOUT, until: deadline) else { throw givenUp() }
                guard PQconsumeInput(connection) == 1 else { throw lost() }
            default: throw lost()
            }
        }
    }

    private func nextResult(until deadline: ContinuousClock.Instant) throws -> OpaquePointer? {
        while PQisBusy(connection) == 1 {
            guard wait(for: POLLIN, until: deadline) else { throw givenUp() }
            guard PQconsumeInput(connection) == 1 else { throw lost() }
        }
        let result = PQgetResult(connection)
        switch result.map(PQresultStatus) {
        // Copying would need answers of its own, and is nowhere asked for.
        case PGRES_COPY_IN?, PGRES_COPY_OUT?, PGRES_COPY_BOTH?:
            PQclear(result)
            throw lost()
        default: return result
        }
    }

    private func givenUp() -> StoreError {
        isGivenUp = true
        return .timedOut
    }

    private func lost() -> StoreError {
        isGivenUp = true
        return .unreachable
    }

    /// False when the deadline has passed.
    private func wait(for events: Int32, until deadline: ContinuousClock.Instant) -> Bool {
        var descriptor = pollfd(fd: PQsocket(connection), events: Int16(events), revents: 0)
        while true {
            let count = poll(&descriptor, 1, WakeUp.milliseconds(until: deadline))
            if count > 0 || (count < 0 && errno != EINTR) { return true }
            if ContinuousClock.now >= deadline { return false }
        }
    }
}

extension [String?] {
    /// The texts as C has them, with NULL at the end, for the duration of the call.
    fileprivate func withCStrings<Result>(_ body: (UnsafePointer<UnsafePointer<CChar>?>) throws -> Result) rethrows -> Result {
        let copies = map { text in text.flatMap { strdup($0) } } + [nil]
        defer { for copy in copies { free(copy) } }
        return try copies.map { UnsafePointer($0) }.withUnsafeBufferPointer { buffer in
            // Never empty, so never without an address.
            try body(buffer.baseAddress.unsafelyUnwrapped)
        }
    }
}
