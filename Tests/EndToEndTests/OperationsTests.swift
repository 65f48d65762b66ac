import AgentRuntime
import DatabaseFixtures
import Foundation
import Persistence
import Testing

/// What an operator does with the built program.
@Suite struct OperationsTests {
    private static let person: JSONValue = ["email": "ada@example.com", "password": "correct horse battery", "name": "Ada"]
    private static let signIn: JSONValue = ["email": "ada@example.com", "password": "correct horse battery"]

    /// the copy of a server that works serves as its original did.
    @Test func r119_aBackupOfALiveServerServes() async throws {
        let server = try RunningServer()
        defer { server.kill() }
        try await server.ready()
        let client = HTTPClient(server.url)
        #expect(try await client.post("/api/auth/register", Self.person).status == 201)
        #expect(try await client.chat("add milk").last?["type"] == "done")
        let backup = try await AgentCall.run(["backup", "--output", "copy.db"], in: server.folder)
        #expect(backup.status == 0, "\(backup.errors)")
        #expect(backup.output.hasPrefix("Copied sqlite:data/agent.db to copy.db"))
        let again = try await AgentCall.run(["backup", "-o", "copy.db"], in: server.folder)
        #expect(again.status == 1)
        #expect(again.errors.contains("copy.db is there already"))

        let restored = try RunningServer(in: server.folder, environment: ["AGENT_DATABASE": "sqlite:copy.db"])
        defer { restored.kill() }
        try await restored.ready()
        let reader = HTTPClient(restored.url)
        #expect(try await reader.post("/api/auth/login", Self.signIn).status == 200)
        #expect(try await reader.get("/api/todos").json["data"]?.array?.first?["title"]?.string?.lowercased() == "milk")
        #expect(try await reader.get("/api/conversations").json["data"]?.array?.count == 1)
        // Each of them goes on by itself.
        #expect(try await reader.chat("add bread").last?["type"] == "done")
        #expect(try await client.get("/api/todos").json["data"]?.array?.count == 1)
    }

    @Test func accountsAreMadeResetDisabledAndDeletedBesideAServer() async throws {
        let server = try RunningServer()
        defer { server.kill() }
        try await server.ready()
        func user(_ arguments: String..., input: String = "") async throws -> AgentCall {
            try await AgentCall.run(["user"] + arguments, in: server.folder, input: input)
        }
        let added = try await user("add", "ada@example.com", "--name", "Ada", input: "correct horse battery\n")
        #expect(added.status == 0, "\(added.errors)")
        let client = HTTPClient(server.url)
        #expect(try await client.post("/api/auth/login", Self.signIn).status == 200)
        let list = try JSONValue(json: try await user("list", "--json").output)
        #expect(list.array?.first?["email"] == "ada@example.com")
        #expect(list.array?.first?["disabled"] == false)

        #expect(try await user("disable", "ada@example.com").status == 0)
        #expect(try await HTTPClient(server.url).post("/api/auth/login", Self.signIn).status == 401)
        #expect(try await client.post("/api/auth/refresh").status == 401)
        #expect(try await user("list").output.contains("[disabled]"))
        #expect(try await user("enable", "ada@example.com").status == 0)

        let reset = try JSONValue(json: try await user("reset-password", "ada@example.com", "--json").output)
        let password = try #require(reset["one_time_password"])
        let again = HTTPClient(server.url)
        #expect(try await again.post("/api/auth/login", ["email": "ada@example.com", "password": password]).status == 403)
        let exchange: JSONValue = ["email": "ada@example.com", "password": password, "new_password": "another quiet lantern"]
        #expect(try await again.post("/api/auth/login", exchange).status == 200)

        #expect(try await user("delete", "ada@example.com").status == 2)
        #expect(try await user("delete", "ada@example.com", "--yes").status == 0)
        #expect(try await again.post("/api/auth/login", exchange).status == 401)
        let unknown = try await user("disable", "ada@example.com")
        #expect((unknown.status, unknown.errors) == (1, "agent: There is no account ada@example.com.\n"))
        #expect(try await user("list").output.isEmpty)
    }

    @Test func aPasswordComesNeitherFromTheArgumentsNorFromNowhere() async throws {
        let folder = RunningServer.temporaryFolder()
        let none = try await AgentCall.run(["user", "add", "ada@example.com"], in: folder)
        #expect(none.status == 2)
        #expect(none.errors.contains("standard input"))
        #expect(try await AgentCall.run(["user", "add", "ada@example.com", "--password", "x"], in: folder).status == 2)
        let weak = try await AgentCall.run(["user", "add", "ada@example.com"], in: folder, input: "short\n")
        #expect(weak.status == 1)
        #expect(weak.errors.contains("at least 12 characters"))
    }

    /// Without a database each command says so and makes none.
    @Test(arguments: [["user", "list"], ["user", "disable", "ada@example.com"], ["backup", "--output", "copy.db"], ["vacuum"]])
    func aDatabaseThatIsNotThereIsNotMade(arguments: [String]) async throws {
        let folder = RunningServer.temporaryFolder()
        let call = try await AgentCall.run(arguments, in: folder)
        #expect(call.status == 1)
        #expect(call.errors.contains("There is no database"))
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
    }

    /// of two that migrate at once each ends well, and each step is made by one of them.
    @Test(arguments: Driver.all) func r097_twoProcessesMigrateTogether(on driver: Driver) async throws {
        let folder = RunningServer.temporaryFolder()
        try await withAddress(on: driver) { address in
            let environment = ["AGENT_DATABASE": address.text]
            async let first = AgentCall.run(["migrate"], in: folder, environment: environment)
            async let second = AgentCall.run(["migrate"], in: folder, environment: environment)
            let calls = try await [first, second]
            #expect(calls.map(\.status) == [0, 0], "\(calls.map(\.errors))")
            let applied = calls.flatMap {
                $0.output.split(separator: "\n").filter { $0.hasPrefix("Applied ") }.map { $0.split(separator: " ").dropFirst().first }
            }
            #expect(applied.count > 2)
            #expect(Set(applied).count == applied.count)
            #expect(try await AgentCall.run(["migrate"], in: folder, environment: environment).output.contains("is up to date"))
        }
    }

    /// a newer schema is left alone by every command.
    @Test(arguments: Driver.all) func r097_aNewerSchemaIsRefused(on driver: Driver) async throws {
        let folder = RunningServer.temporaryFolder()
        try await withAddress(on: driver) { address in
            let database = try await address.open()
            try await database.migrate()
            try await database.write { try $0.execute("INSERT INTO schema_migrations (version, name, applied_at) VALUES (999, 'later', 0)") }
            try await database.close()
            for arguments in [["migrate"], ["user", "list"], ["serve", "--port", "1", "--prompts", RunningServer.prompts.path]] {
                let call = try await AgentCall.run(arguments, in: folder, environment: ["AGENT_DATABASE": address.text])
                #expect(call.status == 1)
                #expect(call.errors.contains("999") && call.errors.contains("update the program"), "\(arguments): \(call.errors)")
            }
        }
    }

    /// the server does not start over a damaged file, says what to do, and leaves it as it is.
    @Test func r096_aDamagedDatabaseIsNotServedAndNotTouched() async throws {
        let folder = RunningServer.temporaryFolder()
        #expect(try await AgentCall.run(["migrate", "--database", "sqlite:agent.db"], in: folder).status == 0)
        let file = folder.appending(path: "agent.db")
        var bytes = try Data(contentsOf: file)
        bytes.replaceSubrange(4_096..<8_192, with: repeatElement(0xFF, count: 4_096))
        try bytes.write(to: file)
        for command in [["serve", "--port", "1", "--prompts", RunningServer.prompts.path], ["migrate"]] {
            let call = try await AgentCall.run(command + ["--database", "sqlite:agent.db"], in: folder)
            #expect(call.status == 1)
            #expect(call.errors.contains("agent.db") && call.errors.contains("put a backup in its place"), "\(call.errors)")
            #expect(try Data(contentsOf: file) == bytes)
        }
    }

    @Test func aDatabaseThatCannotBeWrittenToIsSaidAtTheStart() async throws {
        let folder = RunningServer.temporaryFolder()
        #expect(try await AgentCall.run(["migrate", "--database", "sqlite:agent.db"], in: folder).status == 0)
        let file = folder.appending(path: "agent.db").path
        try FileManager.default.setAttributes([.posixPermissions: 0o444], ofItemAtPath: file)
        try FileManager.default.setAttributes([.posixPermissions: 0o555], ofItemAtPath: folder.path)
        defer { try? FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: folder.path) }
        let call = try await AgentCall.run(["migrate", "--database", "sqlite:agent.db"], in: folder, isUnprivileged: true)
        #expect(call.status == 1)
        #expect(call.errors.contains("permission"), "\(call.errors)")
    }
}
