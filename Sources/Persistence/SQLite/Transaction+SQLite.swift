import GRDB

extension Transaction {
    init(_ connection: GRDB.Database) {
        self.init(perform: { try connection.perform($0) })
    }
}

extension GRDB.Database {
    /// Runs a statement without values, prepared once.
    func run(_ sql: String) throws {
        try cachedStatement(sql: sql).execute()
    }

    fileprivate func perform(_ sql: SQL) throws -> Transaction.Answer {
        let arguments = StatementArguments(try sql.binds.map { try $0.databaseValue() })
        do {
            let statement = try cachedStatement(sql: sql.text { _ in "?" })
            guard statement.columnCount > 0 else {
                try statement.execute(arguments: arguments)
                return Transaction.Answer(changes: changesCount)
            }
            return try rows(of: statement, arguments)
        } catch let error as DatabaseError {
            throw StoreError(error)
        }
    }

    private func rows(of statement: GRDB.Statement, _ arguments: StatementArguments) throws -> Transaction.Answer {
        let positions = Dictionary(statement.columnNames.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
        var answer = Transaction.Answer()
        let cursor = try GRDB.Row.fetchCursor(statement, arguments: arguments)
        while let row = try cursor.next() {
            answer.rows.append(Row(positions: positions, values: try row.databaseValues.map { try SQLBind($0) }))
        }
        answer.changes = statement.isReadonly ? 0 : changesCount
        return answer
    }
}

extension SQLBind {
    fileprivate init(_ value: DatabaseValue) throws {
        self =
            switch value.storage {
            case .null: .null
            case .int64(let integer): .integer(integer)
            case .double(let number): .real(number)
            case .string(let text): .text(text)
            case .blob: throw StoreError.failed("a column holds bytes")
            }
    }

    fileprivate func databaseValue() throws -> DatabaseValue {
        switch self {
        case .null: return .null
        case .integer(let integer): return integer.databaseValue
        case .real(let number): return number.databaseValue
        case .text(let text):
            guard !text.utf8.contains(0) else { throw StoreError.textHoldsNUL }
            return text.databaseValue
        }
    }
}
