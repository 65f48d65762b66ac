public import AgentRuntime

/// One row of an answer. A column that is missing or holds another type is an error, never a trap.
public struct Row: Sendable {
    private let positions: [String: Int]
    private let values: [SQLBind]

    /// `positions` is shared by the rows of one answer.
    init(positions: [String: Int], values: [SQLBind]) {
        self.positions = positions
        self.values = values
    }

    public func text(_ column: String) throws -> String {
        try required(column, optionalText)
    }

    public func optionalText(_ column: String) throws -> String? {
        switch try value(column) {
        case .null: nil
        case .text(let text): text
        default: throw StoreError.unexpectedValue(column: column)
        }
    }

    public func int(_ column: String) throws -> Int {
        try required(column, optionalInt)
    }

    public func optionalInt(_ column: String) throws -> Int? {
        switch try value(column) {
        case .null: return nil
        case .integer(let integer):
            guard let number = Int(exactly: integer) else { throw StoreError.unexpectedValue(column: column) }
            return number
        default: throw StoreError.unexpectedValue(column: column)
        }
    }

    public func double(_ column: String) throws -> Double {
        try required(column, optionalDouble)
    }

    public func optionalDouble(_ column: String) throws -> Double? {
        switch try value(column) {
        case .null: nil
        case .real(let number): number
        default: throw StoreError.unexpectedValue(column: column)
        }
    }

    /// A `BIGINT` that is 0 or 1.
    public func bool(_ column: String) throws -> Bool {
        switch try int(column) {
        case 0: false
        case 1: true
        default: throw StoreError.unexpectedValue(column: column)
        }
    }

    public func optionalDay(_ column: String) throws -> Day? {
        guard let text = try optionalText(column) else { return nil }
        guard let day = Day(text) else { throw StoreError.unexpectedValue(column: column) }
        return day
    }

    /// A `BIGINT` of milliseconds.
    public func timestamp(_ column: String) throws -> Timestamp {
        try required(column, optionalTimestamp)
    }

    public func optionalTimestamp(_ column: String) throws -> Timestamp? {
        switch try value(column) {
        case .null: nil
        case .integer(let milliseconds): Timestamp(milliseconds: milliseconds)
        default: throw StoreError.unexpectedValue(column: column)
        }
    }

    private func value(_ column: String) throws -> SQLBind {
        guard let position = positions[column], values.indices.contains(position) else { throw StoreError.missingColumn(column) }
        return values[position]
    }

    private func required<T>(_ column: String, _ read: (String) throws -> T?) throws -> T {
        guard let value = try read(column) else { throw StoreError.unexpectedValue(column: column) }
        return value
    }
}
