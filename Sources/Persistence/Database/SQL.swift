/// SQL text whose interpolated values become binds: `"SELECT title FROM todos WHERE owner = \(owner)"`.
///
/// A value never becomes text, and an interpolated `SQL` is spliced in with its own binds. The text is what both SQLite and PostgreSQL run:
/// the driver writes `?` or `$n` where a bind stands.
public struct SQL: Sendable {
    fileprivate enum Piece: Sendable {
        case text(String)
        case bind(SQLBind)
    }

    private var pieces: [Piece]

    private init(pieces: [Piece]) {
        self.pieces = pieces
    }

    /// The binds in the order of the text.
    public var binds: [SQLBind] {
        pieces.compactMap { if case .bind(let bind) = $0 { bind } else { nil } }
    }

    /// The text, with `placeholder` called with 1, 2, 3 ... for its binds.
    public func text(placeholder: (Int) -> String) -> String {
        var text = ""
        var number = 0
        for piece in pieces {
            switch piece {
            case .text(let part): text += part
            case .bind:
                number += 1
                text += placeholder(number)
            }
        }
        return text
    }

    /// `first, second, third, third`, for `IN (...)` and for nothing else: the last value is repeated until there are 1, 2, 4, 8 ... of them.
    ///
    /// A database keeps each text that it has prepared, and so lists of all lengths have few. Over 16,384 values, of which SQLite takes 32,766,
    /// nothing is repeated: https://www.sqlite.org/limits.html#max_variable_number
    public static func list(_ values: [any SQLValue]) -> SQL {
        let binds = values.map { SQL(pieces: [.bind($0.bind)]) }
        guard let last = binds.last, binds.count <= 16_384 else { return joined(binds, by: ", ") }
        var length = 1
        while length < binds.count { length *= 2 }
        return joined(binds + Array(repeating: last, count: length - binds.count), by: ", ")
    }

    /// The parts one after another, with `separator` between them.
    public static func joined(_ parts: [SQL], by separator: SQL) -> SQL {
        var pieces: [Piece] = []
        for (index, part) in parts.enumerated() {
            if index > 0 { pieces += separator.pieces }
            pieces += part.pieces
        }
        return SQL(pieces: pieces)
    }

    public static func + (left: SQL, right: SQL) -> SQL {
        SQL(pieces: left.pieces + right.pieces)
    }
}

extension SQL: ExpressibleByStringInterpolation {
    public init(stringLiteral text: String) {
        pieces = [.text(text)]
    }

    public init(stringInterpolation: Interpolation) {
        pieces = stringInterpolation.pieces
    }

    public struct Interpolation: StringInterpolationProtocol {
        fileprivate var pieces: [Piece] = []

        public init(literalCapacity: Int, interpolationCount: Int) {
            let (twice, overflow) = interpolationCount.multipliedReportingOverflow(by: 2)
            pieces.reserveCapacity(overflow ? 0 : twice)
        }

        public mutating func appendLiteral(_ literal: String) {
            if !literal.isEmpty { pieces.append(.text(literal)) }
        }

        public mutating func appendInterpolation(_ value: some SQLValue) {
            pieces.append(.bind(value.bind))
        }

        public mutating func appendInterpolation(_ value: (some SQLValue)?) {
            pieces.append(.bind(value?.bind ?? .null))
        }

        public mutating func appendInterpolation(_ sql: SQL) {
            pieces += sql.pieces
        }
    }
}
