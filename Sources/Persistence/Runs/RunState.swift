/// Where a run stands, as it is stored and told.
public enum RunState: String, Sendable, Hashable, Codable, CaseIterable {
    case queued, running
    case awaitingApproval = "awaiting_approval"
    case completed, failed, stopped, interrupted

    /// Whether the run still counts as its conversation's active run.
    public var isActive: Bool {
        switch self {
        case .queued, .running, .awaitingApproval: true
        case .completed, .failed, .stopped, .interrupted: false
        }
    }

    /// Whether somebody carries the run out, so that more may follow by itself.
    public var isUnderWay: Bool { self == .queued || self == .running }
}
