import AgentRuntime
import Hummingbird
import HummingbirdCore
public import Logging
import NIOCore
import Persistence
public import ServiceLifecycle
import Tools

/// The HTTP server and the runs that it owns.
public struct Gateway: Sendable {
    let responder: GatewayResponder
    let supervisor: RunSupervisor
    let recovery: RunRecovery
    let access: AccessWatch
    let tokenUses: APITokenUseRecorder
    let pruning: Pruning
    private let server: HTTPServerBuilder
    private let address: BindAddress
    private let onListening: @Sendable () async -> Void
    private let logger: Logger

    /// - Parameter certificate: With one the gateway speaks only TLS.
    /// - Parameter onListening: Called once requests are accepted.
    public init(
        _ parts: GatewayParts,
        configuration: GatewayConfiguration,
        host: String,
        port: Int,
        certificate: ServerCertificate? = nil,
        connections: ConnectionLimits = ConnectionLimits(),
        logger: Logger,
        onListening: @escaping @Sendable () async -> Void = {}
    ) async throws {
        let cache = AccessCache()
        let sessions = SessionService(
            store: parts.stores.sessions,
            accessTokens: await AccessTokens(keys: parts.keys, issuer: configuration.publicURL.origin),
            refreshTokens: RefreshTokens(keys: parts.keys),
            cache: cache
        )
        let tokens = APITokenService(store: parts.stores.tokens, cache: cache)
        let (instances, instance) = (parts.stores.instances, parts.instance)
        let succession = Succession(instances: instances, instance: instance, logger: logger)
        let supervisor = RunSupervisor(limits: parts.limits, clock: parts.runner.clock, logger: logger, succession: succession)
        let chat = ChatService(parts, supervisor: supervisor, logger: logger)
        recovery = RunRecovery(service: chat, instances: instances, clock: parts.runner.clock, logger: logger)
        responder = GatewayResponder(try Router.gateway(parts, configuration, sessions, tokens, chat), metrics: parts.metrics)
        access = AccessWatch(
            sessions: parts.stores.sessions, tokens: parts.stores.tokens, users: parts.stores.users, supervisor: supervisor,
            clock: parts.runner.clock, logger: logger)
        tokenUses = APITokenUseRecorder(uses: tokens.uses, store: parts.stores.tokens, clock: parts.runner.clock, logger: logger)
        pruning = Pruning(stores: parts.stores, wallClock: .system, clock: parts.runner.clock, logger: logger)
        server = .gateway(connections, configuration, certificate)
        self.supervisor = supervisor
        self.address = .hostname(host, port: port)
        self.onListening = onListening
        self.logger = logger
    }

    /// What to run in a `ServiceGroup`, in this order.
    ///
    /// A group ends its services from the last to the first: new messages are refused at once and runs get some time to end, then the runs'
    /// lease is no longer renewed, and only then does the server stop listening.
    public var services: [any Service] {
        let server = Application(
            responder: responder,
            server: server,
            configuration: ApplicationConfiguration(address: address, backlog: 4_096),
            onServerRunning: { [onListening] channel in
                // Newcomers are let in quickly also while many are being served; of itself the server takes four a turn.
                try? await channel.setOption(.maxMessagesPerRead, value: 256).get()
                await onListening()
            },
            logger: logger
        )
        return [pruning, access, tokenUses, server, recovery, supervisor]
    }
}
