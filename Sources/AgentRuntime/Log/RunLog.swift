/// Where a run's events are kept, in order.
///
/// One runner appends to a log at a time. A log whose append failed refuses every later one, so that what is stored is always a prefix
/// of what happened.
public protocol RunLog: Sendable {
    /// The run's id, the first part of its calls' keys.
    var run: String { get }

    /// What was appended before this part of the run, in order; the runner goes on from there.
    func stored() async throws -> [RunRecord]

    /// Gives the event its id and its place and returns at once; the result tells when the event is durable.
    func append(_ event: RunEvent) -> PendingAppend
}

/// An event that has its place in the log and is on its way to be durable.
public struct PendingAppend: Sendable {
    public let record: RunRecord
    private let wait: @Sendable () async throws -> Void

    public init(_ record: RunRecord, untilDurable wait: @escaping @Sendable () async throws -> Void = {}) {
        self.record = record
        self.wait = wait
    }

    /// Returns when the event is durable; throws when it never will be. The caller's cancellation changes neither.
    public func durable() async throws {
        try await wait()
    }
}
