import AgentRuntime
import DatabaseFixtures
import HTTPTypes
import Persistence

@testable import Gateway

extension ChatFixture {
    func user(_ name: String) async throws -> User {
        guard let password = Password(Browser.password) else { throw NotThere() }
        return try await gateway.users.create(email: .of(name), name: name, passwordHash: try await gateway.hasher.hash(password))
    }

    /// What a reader of the message's run gets before the run leaves this process; nothing when the message is not taken.
    func records(of message: ChatMessage, from user: User) async -> [RunRecord] {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { _ = try? await supervisor.run() }
            defer { group.cancelAll() }
            guard case .live(let run) = try? await service.accept(message, from: user) else { return [] }
            var records: [RunRecord] = []
            while true {
                switch await run.news(after: records.last?.id ?? 0) {
                case .records(let news): records += news
                case .heartbeat: continue
                case .over: return records
                }
            }
        }
    }

    /// The id of the one run of a person.
    static func run(of user: User, in database: any Database) async throws -> String {
        let row = try await database.read { try $0.one("SELECT id FROM runs WHERE owner = \(user.id)")?.text("id") }
        guard let row else { throw NotThere() }
        return row
    }

    struct NotThere: Error {}
}

extension Browser {
    /// The events of a run behind an id, read to their end.
    func events(of run: String, after id: Int64 = 0) async throws -> [JSONValue] {
        try await send(.get, "/api/runs/\(run)/events", nil, id > 0 ? [.lastEventID: String(id)] : [:]).events
    }
}

extension ChatEvent {
    /// As `Answer.events` has it.
    var members: JSONValue {
        .object((data.object ?? [:]).merging(["id": .string(String(id))]) { $1 })
    }
}

extension JSONValue {
    var cursor: Int64 { self["id"]?.string.flatMap { Int64($0) } ?? 0 }
}

extension [JSONValue] {
    /// What a reader who keeps to the rules of `restart` shows.
    var shownText: String {
        var (decided, provisional) = ("", "")
        for event in self {
            switch event["type"]?.string {
            case "delta": provisional += event["delta"]?.string ?? ""
            case "restart": provisional = ""
            case "tool_call", "tool_result", "agent":
                decided += provisional
                provisional = ""
            default: break
            }
        }
        return decided + provisional
    }
}

extension RunEvent {
    var isRestart: Bool { if case .restart = self { true } else { false } }
    var output: String? { if case .done(let output) = self { output.output } else { nil } }
    var calledTool: String? { if case .toolCall(let call) = self { call.name } else { nil } }
    var resultStatus: ToolResult.Status? { if case .toolResult(let result) = self { result.status } else { nil } }
}
