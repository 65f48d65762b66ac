import AgentRuntime
import FoundationEssentials
import Persistence
import Tools

/// The database of one `agent run`: the one that was named, else a temporary one, and none for agents without modules.
struct RunPlace: Sendable {
    let person: LocalPerson
    private let temporaryFolder: String?

    init(for agent: String, _ address: String?, session: String?, in prompts: PromptLibrary<UserContext>) async throws {
        var folder: String?
        let database: any Database
        if let address {
            database = try await DatabaseAddress(address).open()
        } else if !RunPlace.needsDatabase(agent, in: prompts) {
            temporaryFolder = nil
            person = LocalPerson(withoutAccountIn: NoDatabase())
            return
        } else if let session {
            database = try await DatabaseAddress("sqlite:\(session).db").open()
        } else {
            let path = FileManager.default.temporaryDirectory.path() + "/agent-run-" + IdentifierGenerator().next()
            folder = path
            database = try await DatabaseAddress("sqlite:\(path)/agent.db").open()
        }
        temporaryFolder = folder
        try await database.migrate()
        person = try await LocalPerson(in: database)
    }

    func remove() {
        if let temporaryFolder { try? FileManager.default.removeItem(atPath: temporaryFolder) }
    }

    /// Whether the agent, or one that it can hand over to or call, lists modules or tools of one.
    private static func needsDatabase(_ agent: String, in prompts: PromptLibrary<UserContext>) -> Bool {
        prompts.files.reached(from: agent).contains(where: prompts.listsModules)
    }
}

/// Stands where no tool can reach it; every use is an error.
private struct NoDatabase: Database {
    func read<T: Sendable>(_ body: @Sendable @escaping (Transaction) throws -> T) async throws -> T {
        throw StoreError.closed
    }

    func enqueue<T: Sendable>(_ body: @Sendable @escaping (Transaction) throws -> T) -> PendingWrite<T> {
        PendingWrite(refused: StoreError.closed)
    }
}
