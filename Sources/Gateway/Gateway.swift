import AgentRuntime
import Hummingbird
public import Logging
import Persistence
public import ServiceLifecycle
import Tools

/// The HTTP server and the runs that it owns, as one service: when the process is told to end, streams get some time to end first.
public struct Gateway: Service {
    let responder: GatewayResponder
    let supervisor: RunSupervisor
    private let address: BindAddress
    private let onListening: @Sendable () async -> Void
    private let logger: Logger

    /// - Parameter onListening: Called once requests are accepted.
    public init(
        _ parts: GatewayParts,
        configuration: GatewayConfiguration,
        host: String,
        port: Int,
        logger: Logger,
        onListening: @escaping @Sendable () async -> Void = {}
    ) async throws {
        let sessions = SessionService(
            store: SessionStore(database: parts.database),
            accessTokens: await AccessTokens(keys: parts.keys, issuer: configuration.publicURL.origin),
            refreshTokens: RefreshTokens(keys: parts.keys)
        )
        let supervisor = RunSupervisor(limits: parts.limits, clock: parts.runner.clock, logger: logger)
        responder = GatewayResponder(try Router.gateway(parts, configuration, sessions, supervisor, logger: logger))
        self.supervisor = supervisor
        self.address = .hostname(host, port: port)
        self.onListening = onListening
        self.logger = logger
    }

    /// Serves until the process is told to end.
    public func run() async throws {
        let application = Application(
            responder: responder,
            configuration: ApplicationConfiguration(address: address, backlog: 4_096),
            onServerRunning: { _ in await onListening() },
            logger: logger
        )
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await supervisor.run() }
            group.addTask { try await application.run() }
            // The server ends when its last stream has ended; if it fails to start, nothing is left to supervise.
            defer { group.cancelAll() }
            try await group.next()
            try await group.next()
        }
    }
}
