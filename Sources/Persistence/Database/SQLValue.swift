public import AgentRuntime

/// What a column holds: the three column types of both databases, and nothing.
public enum SQLBind: Sendable, Hashable {
    case null
    case text(String)
    case integer(Int64)
    case real(Double)
}

/// A Swift value that a statement can bind.
public protocol SQLValue: Sendable {
    var bind: SQLBind { get }
}

extension SQLBind: SQLValue {
    public var bind: SQLBind { self }
}

extension String: SQLValue {
    public var bind: SQLBind { .text(self) }
}

extension Int64: SQLValue {
    public var bind: SQLBind { .integer(self) }
}

extension Int: SQLValue {
    public var bind: SQLBind { .integer(Int64(self)) }
}

extension Double: SQLValue {
    public var bind: SQLBind { .real(self) }
}

/// 0 or 1.
extension Bool: SQLValue {
    public var bind: SQLBind { .integer(self ? 1 : 0) }
}

/// `YYYY-MM-DD`.
extension Day: SQLValue {
    public var bind: SQLBind { .text(description) }
}
