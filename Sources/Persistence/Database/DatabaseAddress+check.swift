import Dispatch
import GRDB

/// What came of looking at a database before it is opened.
public enum DatabaseCheck: Sendable, Hashable {
    case whole
    /// Nothing wrong was found in the time there was.
    case partlySeen
    /// There is none yet.
    case new
    /// Its server looks after it.
    case notOurs
}

extension DatabaseAddress {
    /// Looks whether the database is whole, and changes nothing. Throws `StoreError.corrupt` or `.notADatabase` when it must not be opened.
    /// - Parameter time: What a look at every page of a file may take.
    public func check(within time: Duration = .seconds(5)) async throws -> DatabaseCheck {
        guard case .sqlite(let path) = self else { return .notOurs }
        return try await DispatchQueue.global().perform {
            guard try SQLiteFile.isThere(path) else { return .new }
            do {
                let (fault, isPartial) = try SQLiteCheck(path: path).quickFault(within: time)
                if let fault { throw StoreError.corrupt("\(path): \(fault)") }
                return isPartial ? .partlySeen : .whole
            } catch let error as DatabaseError {
                throw StoreError(error, path: path)
            }
        }
    }
}
