/// The connection on which a writer commits in groups.
protocol WritingConnection {
    /// How often a write that stands alone is tried when others come in between, or the connection is lost.
    var tries: Int { get }
    /// False when an error took the transaction with it.
    var isInsideTransaction: Bool { get }
    var transaction: Transaction { get }

    /// Rolls back what may be open, and begins.
    /// - Parameter isShared: Whether many writes are to be in the transaction.
    func begin(isShared: Bool) throws
    /// Sets a savepoint, which `keep` or `takeBack` ends.
    func mark() throws
    func keep() throws
    func takeBack() throws
    /// Throws `StoreError.unreachable` when the transaction was lost for certain, without a fault of what it holds.
    func commit() throws
    func rollBack()
    /// Lets others go on before a write is tried again.
    func giveWay()
    /// An error of the driver in our words; any other as it is.
    func translating(_ error: any Error) -> any Error
}
