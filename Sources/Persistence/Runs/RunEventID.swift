/// Event ids are `attempt * 1,048,576 + n`, with n from 1, so that an id never means two things although what one attempt said may be void.
enum RunEventID {
    static let perAttempt: Int64 = 1_048_576

    /// Nil when an attempt has used up its ids, but for those in reserve.
    static func make(attempt: Int, ordinal: Int64, reserve: Int64 = 0) -> Int64? {
        guard (1..<perAttempt - reserve).contains(ordinal) else { return nil }
        let (base, overflow) = Int64(attempt).multipliedReportingOverflow(by: perAttempt)
        return overflow || base > .max - ordinal ? nil : base + ordinal
    }

    static func attempt(of id: Int64) -> Int { Int(id / perAttempt) }

    /// Nil for an id of another attempt.
    static func ordinal(of id: Int64, in attempt: Int) -> Int64? {
        self.attempt(of: id) == attempt ? id % perAttempt : nil
    }
}
