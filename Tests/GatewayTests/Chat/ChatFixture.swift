import AgentRuntime
import AgentTesting
import DatabaseFixtures
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Logging
import Persistence
import Tools

@testable import Gateway

/// A gateway with accounts, todos and a chat that a given model answers, on a database of its own.
struct ChatFixture: Sendable {
    let gateway: GatewayFixture
    let database: any Database
    let supervisor: RunSupervisor
    let service: ChatService
    let instance: Instance

    /// - Parameter process: As which instance the gateway starts, and how long it counts as alive; nil for until it starts again.
    init(
        _ database: any Database,
        model: any Model,
        agent: Agent<UserContext> = Agent(name: "Assistant", tools: TodoTools().tools),
        limits: ChatLimits = ChatLimits(),
        runLimits: RunLimits = RunLimits(),
        clock: any Clock<Duration> = ContinuousClock(),
        traces: TraceProvider = TraceProvider(),
        process: (name: String, lease: Duration?) = ("test", nil),
        prices: PriceList = PriceList(),
        publicURL: String = "http://localhost",
        metrics: Metrics = Metrics()
    ) async throws {
        self.database = database
        gateway = try await GatewayFixture(database, publicURL: publicURL, metrics: metrics)
        let logger = gateway.log.logger
        instance = try await InstanceStore(database: database).start(process.name, lease: process.lease)
        supervisor = RunSupervisor(limits: limits, clock: clock, logger: logger)
        service = ChatService(
            agent: agent,
            runner: Runner(model: model, limits: runLimits, prices: prices, clock: clock, logger: logger, traceProvider: traces),
            config: RunConfig(),
            runs: RunStore(database: database), users: gateway.users, todos: gateway.todos,
            usage: UsageStore(database: database, clock: gateway.time.wall),
            supervisor: supervisor, instance: instance,
            limits: limits, clock: .system, logger: logger, metrics: gateway.metrics)
    }

    /// - Parameter more: Further routes.
    func application(more: @escaping (Router<GatewayRequestContext>) -> Void = { _ in }) -> some ApplicationProtocol {
        gateway.application { router in
            more(router)
            let signedIn = gateway.signedIn(router)
            ChatController(service: service).addRoutes(to: signedIn)
            ConversationController(
                conversations: ConversationStore(database: database), runs: RunStore(database: database), supervisor: supervisor
            ).addRoutes(to: signedIn)
        }
    }
}

/// Runs a chat that `model` answers, with Ada signed in.
func withChat(
    on driver: Driver = .sqlite,
    _ model: any Model,
    limits: ChatLimits = ChatLimits(),
    clock: any Clock<Duration> = ContinuousClock(),
    traces: TraceProvider = TraceProvider(),
    _ body: @escaping @Sendable (ChatFixture, Browser) async throws -> Void
) async throws {
    try await withDatabase(on: driver) { database in
        let fixture = try await ChatFixture(database, model: model, limits: limits, clock: clock, traces: traces)
        try await fixture.serve { browser in
            _ = try await browser.register("ada")
            try await body(fixture, browser)
        }
    }
}

extension ChatFixture {
    /// Carries out runs and answers a browser, for the life of `body`.
    func serve(_ body: @escaping @Sendable (Browser) async throws -> Void) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await supervisor.run() }
            try await application().test(.router) { client in
                try await body(Browser(client, origin: gateway.configuration.publicURL.origin))
            }
            group.cancelAll()
        }
    }
}

extension Browser {
    /// The events of a chat, read to their end.
    func chat(_ message: String, in conversation: String? = nil, key: String? = nil) async throws -> [JSONValue] {
        var body: [String: JSONValue] = ["message": .string(message)]
        if let conversation { body["conversation_id"] = .string(conversation) }
        let answer = try await send(.post, "/api/chat", .object(body), key.map { [.idempotencyKey: $0] } ?? [:])
        return answer.events
    }
}

extension Answer {
    /// The events of a stream, each with its id as `id`.
    var events: [JSONValue] {
        var parser = ServerSentEventParser()
        let events = (try? parser.receive(Array(text.utf8))) ?? []
        return events.compactMap { event in
            guard case .object(var members) = try? JSONValue(json: event.data) else { return nil }
            members["id"] = event.id.map(JSONValue.string)
            return .object(members)
        }
    }
}

extension [JSONValue] {
    var types: [String] { compactMap { $0["type"]?.string } }

    /// What was streamed as text.
    var streamedText: String { filter { $0["type"] == "delta" }.compactMap { $0["delta"]?.string }.joined() }
}
