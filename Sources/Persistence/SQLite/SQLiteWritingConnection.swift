import GRDB

/// GRDB's writing connection, on its own queue.
struct SQLiteWritingConnection: WritingConnection {
    let connection: GRDB.Database
    let queue: WriteQueue

    /// `BEGIN IMMEDIATE` has kept every other writer out.
    var tries: Int { 1 }

    /// SQLite may roll everything back, as on a full disk.
    var isInsideTransaction: Bool { connection.isInsideTransaction }

    var transaction: Transaction { Transaction(connection) }

    func begin(isShared: Bool) throws {
        if queue.refusal == .writesStopped { throw StoreError.writesStopped }
        rollBack()
        try connection.beginTransaction(.immediate)
    }

    func mark() throws {
        try connection.run("SAVEPOINT write")
    }

    func keep() throws {
        try connection.run("RELEASE write")
    }

    func takeBack() throws {
        try connection.run("ROLLBACK TO write")
        try connection.run("RELEASE write")
    }

    func commit() throws {
        do {
            try connection.commit()
        } catch let error as DatabaseError where error.extendedResultCode == .SQLITE_IOERR_FSYNC {
            // The kernel may have dropped the pages and call the next fsync a success: https://wiki.postgresql.org/wiki/Fsync_Errors
            queue.stop()
            throw StoreError.writesStopped
        }
    }

    func rollBack() {
        guard connection.isInsideTransaction else { return }
        // ROLLBACK fails only when SQLite has rolled back already.
        try? connection.rollback()
    }

    func giveWay() {}

    func translating(_ error: any Error) -> any Error {
        StoreError.translating(error)
    }
}
