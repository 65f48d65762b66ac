import CPostgres

/// What one statement answered.
struct PostgresAnswer {
    var rows: [Row] = []
    /// The command as the server tells it: `INSERT 0 1`, `COMMIT`.
    var command = ""

    init() {}

    /// Throws the server's error.
    init(_ result: OpaquePointer) throws {
        switch PQresultStatus(result) {
        case PGRES_COMMAND_OK, PGRES_EMPTY_QUERY: break
        case PGRES_TUPLES_OK: rows = try Self.rows(of: result)
        default: throw StoreError(result)
        }
        command = String(cString: PQcmdStatus(result))
    }

    /// Rows inserted, updated or deleted.
    var changes: Int {
        let words = command.split(separator: " ")
        guard let verb = words.first, ["INSERT", "UPDATE", "DELETE"].contains(verb) else { return 0 }
        return words.last.flatMap { Int($0) } ?? 0
    }

    private static func rows(of result: OpaquePointer) throws -> [Row] {
        let columns = 0..<PQnfields(result)
        let names = columns.map { PQfname(result, $0).map { String(cString: $0) } ?? "" }
        let types = columns.map { PQftype(result, $0) }
        let positions = Dictionary(names.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
        return try (0..<PQntuples(result)).map { row in
            let values = try zip(columns, types).map { column, type in
                PQgetisnull(result, row, column) == 1 ? .null : try SQLBind(text(of: result, row, column), type: type)
            }
            return Row(positions: positions, values: values)
        }
    }

    private static func text(of result: OpaquePointer, _ row: Int32, _ column: Int32) -> String {
        guard let start = PQgetvalue(result, row, column) else { return "" }
        let bytes = UnsafeRawBufferPointer(start: start, count: Int(PQgetlength(result, row, column)))
        return String(decoding: bytes, as: UTF8.self)
    }
}

/// Types by their numbers: https://github.com/postgres/postgres/blob/REL_15_STABLE/src/include/catalog/pg_type.dat
extension SQLBind {
    private static let integers: Set<Oid> = [20, 21, 23, 26]
    private static let reals: Set<Oid> = [700, 701]
    private static let numeric: Oid = 1_700
    private static let bool: Oid = 16
    private static let void: Oid = 2_278

    fileprivate init(_ text: String, type: Oid) throws {
        let value: SQLBind? =
            switch type {
            case let type where Self.integers.contains(type): Int64(text).map { .integer($0) }
            case let type where Self.reals.contains(type): Double(text).map { .real($0) }
            case Self.numeric: Int64(text).map { .integer($0) } ?? Double(text).map { .real($0) }
            case Self.bool: .integer(text == "t" ? 1 : 0)
            case Self.void: .null
            default: .text(text)
            }
        guard let value else { throw StoreError.failed("a column holds a number that is not one") }
        self = value
    }

    /// The type as which the value is sent; 0 leaves it to the server.
    var type: Oid {
        switch self {
        case .null: 0
        case .text: 25
        case .integer: 20
        case .real: 701
        }
    }

    /// The value as it is sent.
    func text() throws -> String? {
        switch self {
        case .null: return nil
        case .integer(let integer): return String(integer)
        case .real(let number): return String(number)
        case .text(let text):
            guard !text.utf8.contains(0) else { throw StoreError.textHoldsNUL }
            return text
        }
    }
}
