import Dispatch
import Foundation
public import Persistence

/// A PostgreSQL server in a temporary folder, on a free port and a socket in that folder. It ends, and its folder goes, with the process that
/// started it, however that ends; as root it runs as `nobody`.
public final class PostgresServer: Sendable {
    public struct Failure: Error, CustomStringConvertible {
        public let description: String
    }

    public let folder: String
    public let port: Int

    private let process: Process
    private let commands: FileHandle
    private let answers: FileHandle

    /// Fails when no PostgreSQL is installed: nothing is skipped.
    public static func start() async throws -> PostgresServer {
        try await onThread { try PostgresServer() }
    }

    private init() throws {
        let bin = try Self.binaries()
        port = try FreePort.find()
        folder = (getuid() == 0 ? "/tmp" : FileManager.default.temporaryDirectory.path) + "/agent-postgres-" + UUID().uuidString.prefix(8)
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        var unprivileged: [String] = []
        if getuid() == 0 {
            guard let nobody = getpwnam("nobody")?.pointee, chown(folder, nobody.pw_uid, nobody.pw_gid) == 0 else {
                throw Failure(description: "There is no user nobody, as whom PostgreSQL could run.")
            }
            unprivileged = ["setpriv", "--reuid=\(nobody.pw_uid)", "--regid=\(nobody.pw_gid)", "--clear-groups"]
        }
        let (input, output) = (Pipe(), Pipe())
        process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments = ["-c", Self.script, "sh", folder, bin, String(port)] + unprivileged
        process.standardInput = input
        process.standardOutput = output
        commands = input.fileHandleForWriting
        answers = output.fileHandleForReading
        // No other child of this process may hold the server's life in its hands.
        _ = fcntl(commands.fileDescriptor, F_SETFD, FD_CLOEXEC)
        try process.runAlone()
        try awaitReady()
    }

    deinit {
        try? commands.close()
    }

    /// Signs in through the socket, as the server's owner.
    public func address(schema: String? = nil) throws -> PostgresAddress {
        try PostgresAddress(
            "postgres://agent@/postgres?host=\(folder)&port=\(port)&readers=2&allow_fsync_off=true" + (schema.map { "&schema=\($0)" } ?? "")
        )
    }

    public func makeSchema(_ name: String) async throws {
        try await execute("CREATE SCHEMA \(SQL(stringLiteral: name))")
    }

    /// Runs a statement on a connection of its own.
    public func execute(_ sql: SQL) async throws {
        let database = try await PostgresDatabase.open(try address())
        try await database.write { try $0.execute(sql) }
        try await database.close()
    }

    /// Ends the server as a crash does: no session is told, nothing is written any more.
    public func crash() async throws {
        try await Self.onThread { [self] in
            try commands.write(contentsOf: Data("crash\n".utf8))
            try awaitLine("down")
        }
    }

    public func start() async throws {
        try await Self.onThread { [self] in
            try commands.write(contentsOf: Data("start\n".utf8))
            try awaitReady()
        }
    }

    // MARK: The process

    /// Reads commands until its input ends, which is when this process does.
    private static let script = """
        trap '' INT TERM HUP
        folder=$1 bin=$2 port=$3
        shift 3
        serve() {
            "$@" "$bin/postgres" -D "$folder/data" -k "$folder" -p "$port" -h 127.0.0.1 -c fsync=off -c full_page_writes=off \\
                -c max_connections=200 -c max_wal_size=256MB -c jit=off -c autovacuum=off >>"$folder/log" 2>&1 </dev/null &
            server=$!
            until "$bin/pg_isready" -q -h "$folder" -p "$port"; do
                kill -0 "$server" 2>/dev/null || { tail -5 "$folder/log" | tr '\\n' ' '; echo; return; }
                sleep 0.05
            done
            echo ready
        }
        crash() {
            kill -QUIT "$server" 2>/dev/null
            wait "$server"
        }
        if "$@" "$bin/initdb" -D "$folder/data" -U agent -A trust -E UTF8 --locale=C --no-sync >"$folder/log" 2>&1; then
            printf '%s\\n' 'local all all trust' 'host all all 127.0.0.1/32 scram-sha-256' >"$folder/data/pg_hba.conf"
            serve "$@"
            while read -r command; do
                case $command in
                    crash) crash; echo down ;;
                    start) serve "$@" ;;
                esac
            done
            crash
        else
            tail -5 "$folder/log" | tr '\\n' ' '
        fi
        rm -rf "$folder"
        """

    private static func binaries() throws -> String {
        let versions = (try? FileManager.default.contentsOfDirectory(atPath: "/usr/lib/postgresql")) ?? []
        let folders = versions.sorted { (Int($0) ?? 0) > (Int($1) ?? 0) }.map { "/usr/lib/postgresql/\($0)/bin" } + ["/usr/bin", "/usr/local/bin"]
        guard let bin = folders.first(where: { FileManager.default.isExecutableFile(atPath: $0 + "/initdb") }) else {
            throw Failure(description: "PostgreSQL is not installed: the package postgresql is needed by the tests.")
        }
        return bin
    }

    private func awaitReady() throws {
        try awaitLine("ready")
    }

    private func awaitLine(_ expected: String) throws {
        var line = Data()
        while let byte = try answers.read(upToCount: 1), !byte.isEmpty, byte != Data("\n".utf8) { line += byte }
        let text = String(decoding: line, as: UTF8.self)
        guard text == expected else { throw Failure(description: "The tests' PostgreSQL does not start: \(text)") }
    }

    /// Performs what blocks away from the cooperative pool.
    private static func onThread<T: Sendable>(_ body: @escaping @Sendable () throws -> T) async throws -> T {
        try await withCheckedThrowingContinuation { continuation in
            DispatchQueue.global().async { continuation.resume(with: Result(catching: body)) }
        }
    }
}
