/// One step of the schema; once released it never changes.
public struct Migration: Sendable {
    public let version: Int
    public let name: String
    let statements: [SQL]

    init(_ version: Int, _ name: String, _ statements: [SQL]) {
        self.version = version
        self.name = name
        self.statements = statements
    }
}
