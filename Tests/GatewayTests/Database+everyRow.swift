import DatabaseFixtures
import Persistence

extension Database {
    /// Every row of every table, each as one text, in an order of their own.
    func everyRow(on driver: Driver) async throws -> [String] {
        let tables: SQL =
            switch driver {
            case .sqlite: "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name"
            case .postgres: "SELECT table_name AS name FROM information_schema.tables WHERE table_schema = current_schema() ORDER BY table_name"
            }
        return try await read { transaction in
            try transaction.all(tables).flatMap { row in
                let table = try row.text("name")
                let text = try Self.text(ofRowsIn: table, driver, transaction)
                return try transaction.all("SELECT \(text) AS line FROM \(SQL(stringLiteral: table)) t").map { "\(table) \(try $0.text("line"))" }
                    .sorted()
            }
        }
    }

    private static func text(ofRowsIn table: String, _ driver: Driver, _ transaction: Transaction) throws -> SQL {
        guard driver == .sqlite else { return "CAST(t AS TEXT)" }
        let columns = try transaction.all("SELECT name FROM pragma_table_info(\(table))").map { try $0.text("name") }
        return SQL.joined(columns.map { SQL(stringLiteral: "COALESCE(CAST(\($0) AS TEXT), '-')") }, by: " || ' ' || ")
    }
}
