import FoundationEssentials
import Subprocess

#if canImport(System)
    import System
#else
    import SystemPackage
#endif

/// An archive of a PostgreSQL database, made by the server's own tool, which is consistent while others write:
/// https://www.postgresql.org/docs/current/app-pgdump.html
struct PostgresDump {
    private let address: PostgresAddress

    init(of address: PostgresAddress) {
        self.address = address
    }

    /// Throws `BackupError`. The tool ends when the task is cancelled.
    func write(to file: BackupFile) async throws {
        var arguments = ["--format=custom", "--no-password", "--no-owner", "--no-privileges", "--lock-wait-timeout=10000", "--file=\(file.draft)"]
        if let schema = address.schema { arguments.append("--schema=\"\(schema.replacing("\"", with: "\"\""))\"") }
        try await run("pg_dump", arguments, .cannotRead)
        // Reads all of it, to nowhere.
        try await run("pg_restore", ["--file=/dev/null", file.draft], .damaged)
    }

    private enum Failure {
        case cannotRead, damaged
    }

    private func run(_ tool: String, _ arguments: [String], _ failure: Failure) async throws {
        let configuration = Configuration(
            executable: .name(tool), arguments: Arguments(arguments), environment: .custom(environment))
        let result: ExecutionResult<Void, DiscardedOutput, StringOutput<UTF8>>
        do {
            result = try await Subprocess.run(configuration, output: .discarded, error: .string(limit: 16_384))
        } catch let error as SubprocessError where error.code == .executableNotFound {
            throw BackupError.toolMissing(name: tool, package: "postgresql-client")
        }
        guard !result.terminationStatus.isSuccess else { return }
        let message = address.withoutPassword(result.standardError)
        throw failure == .damaged ? BackupError.damaged(reason: message) : BackupError.toolFailed(name: tool, message: message)
    }

    /// What libpq reads, so that no password is among the arguments, which everybody on the machine can see:
    /// https://www.postgresql.org/docs/current/libpq-envars.html
    private var environment: [Environment.Key: String] {
        let inherited = ProcessInfo.processInfo.environment.filter { $0.key.hasPrefix("PG") || ["PATH", "HOME", "LANG", "TMPDIR"].contains($0.key) }
        let own = address.settings.compactMap { name, value in Self.names[name].map { ($0, value) } }
        let all = inherited.merging(own) { _, own in own }
        return Dictionary(all.map { (Environment.Key(stringLiteral: $0.key), $0.value) }) { _, last in last }
    }

    private static let names = [
        "application_name": "PGAPPNAME", "dbname": "PGDATABASE", "host": "PGHOST", "hostaddr": "PGHOSTADDR", "password": "PGPASSWORD",
        "port": "PGPORT", "sslcert": "PGSSLCERT", "sslkey": "PGSSLKEY", "sslmode": "PGSSLMODE", "sslrootcert": "PGSSLROOTCERT",
        "target_session_attrs": "PGTARGETSESSIONATTRS", "user": "PGUSER",
    ]
}
