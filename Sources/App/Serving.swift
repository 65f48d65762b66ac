import AgentRuntime
import Foundation
import Gateway
import Logging
import Persistence
import ServiceLifecycle
import Tools
import UnixSignals

/// What `agent serve` needs beyond the parts of every command.
struct Serving {
    /// The prompt file that a conversation begins with.
    private static let firstAgent = "assistant"

    let agent: Agent<UserContext>
    let runner: Runner
    let config: RunConfig<UserContext>
    let host: String
    let port: Int
    let database: String
    let configuration: GatewayConfiguration
    let keys: SigningKeys
    let passwordPolicy: PasswordPolicy
    let limits: ChatLimits
    let rateLimits: RateLimits?
    let certificate: ServerCertificate?
    let connections: ConnectionLimits
    let metricsToken: Secret?

    init(_ settings: Settings, _ assembly: Assembly) throws {
        host = try settings.text(.host)
        port = try settings.number(.port, in: 1...65_535)
        database = try settings.text(.database)
        certificate = try Serving.certificate(settings)
        connections = ConnectionLimits(
            total: min(try settings.number(.limitConnections, in: 1...1_000_000), OpenFiles.forConnections()),
            perAddress: try settings.number(.limitConnectionsPerAddress, in: 1...1_000_000))
        configuration = try GatewayConfiguration(
            host: host, port: port, publicURL: settings[.publicURL], allowedOrigins: settings.list(.allowedOrigins),
            trustedProxies: settings.list(.trustedProxies), servesTLS: certificate != nil)
        keys = try Serving.keys(settings, isLoopback: configuration.publicURL.isLoopback)
        passwordPolicy = PasswordPolicy(minimumLength: try settings.number(.passwordMinimum, in: 8...256))
        limits = ChatLimits(
            runTime: try settings.duration(.limitRunTime), runsPerUser: try settings.number(.limitRunsPerUser, in: 1...1_000),
            daily: try assembly.dailyBudget)
        rateLimits = try Serving.rateLimits(settings, isLoopback: configuration.publicURL.isLoopback)
        metricsToken = try Serving.metricsToken(settings)
        agent = try assembly.agent(Serving.firstAgent)
        runner = try assembly.runner
        config = try assembly.conversationConfig(Serving.firstAgent)
    }

    func run(_ assembly: Assembly) async throws {
        let address = try DatabaseAddress(database)
        let database = try await address.openAndMigrate(assembly.logger)
        let stores = Stores(database: database)
        let instance = try await stores.instances.start(Serving.instanceName(on: address), lease: limits.lease)
        let parts = GatewayParts(
            agent: agent, runner: runner, config: config, stores: stores, instance: instance, keys: keys,
            passwordPolicy: passwordPolicy, limits: limits, rateLimits: rateLimits, metrics: assembly.models.metrics,
            metricsToken: metricsToken, modelDescription: assembly.models.description,
            starters: assembly.prompts.files.first { $0.id == Serving.firstAgent }?.starters ?? [])
        let gateway = try await Gateway(
            parts, configuration: configuration, host: host, port: port, certificate: certificate, connections: connections,
            logger: assembly.logger
        ) {
            let line = "Serving \(configuration.publicURL.origin)  (model: \(assembly.models.description))\n"
            // Written at once, also where standard output is a pipe that a program waits on.
            try? FileHandle.standardOutput.write(contentsOf: Data(line.utf8))
        }
        var services = ServiceGroupConfiguration(
            services: gateway.services.map { .init(service: $0, successTerminationBehavior: .gracefullyShutdownGroup) }, logger: assembly.logger)
        services.maximumGracefulShutdownDuration = .seconds(23)
        do {
            // The services may take 23 s of the 25 in which the process ends.
            try await assembly.traces.provider.exporting(shutdownWithin: .milliseconds(1_500)) {
                try await Serving.run(ServiceGroup(configuration: services)) { await reloadCertificate(assembly.logger) }
            }
        } catch {
            try? await database.close()
            throw error
        }
        try await database.close()
    }

    /// On a file there is one gateway, whose next start takes the place of the one before at once; on a server each start is one of many.
    private static func instanceName(on address: DatabaseAddress) -> String {
        address.isShared ? "gateway-" + IdentifierGenerator().next() : "gateway"
    }

    /// Reads the certificate again at each SIGHUP; what cannot be read leaves the one that is there.
    private func reloadCertificate(_ logger: Logger) async {
        guard let certificate else { return }
        for await _ in await UnixSignalsSequence(trapping: .sighup) {
            do {
                try certificate.reload()
                logger.notice("the certificate was read again")
            } catch {
                logger.error("the certificate stays as it was", metadata: ["error": "\(error)"])
            }
        }
    }

    /// Both of its files, or neither.
    private static func certificate(_ settings: Settings) throws -> ServerCertificate? {
        switch (settings[.tlsCertificate], settings[.tlsKey]) {
        case (let certificate?, let key?): return try ServerCertificate(certificateFile: certificate, keyFile: key)
        case (nil, nil): return nil
        case (_?, nil): throw SettingError.missing(.tlsKey)
        case (nil, _?): throw SettingError.missing(.tlsCertificate)
        }
    }

    /// Until a signal asks for the end; a second one makes the end come faster.
    /// - Parameter beside: What is done meanwhile.
    private static func run(_ services: ServiceGroup, beside: @escaping @Sendable () async -> Void) async throws {
        async let _ = beside()
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { do { try await services.run() } catch is CancellationError {} }
            group.addTask {
                var signals = await UnixSignalsSequence(trapping: .sigterm, .sigint).makeAsyncIterator()
                guard await signals.next() != nil else { return }
                await services.triggerGracefulShutdown()
                _ = await signals.next()
            }
            try await group.next()
            group.cancelAll()
        }
    }

    /// `default`, `off` where nobody else can reach the server, or a file.
    private static func rateLimits(_ settings: Settings, isLoopback: Bool) throws -> RateLimits? {
        switch try settings.text(.rateLimits) {
        case "default": return RateLimits()
        case "off":
            guard isLoopback else { throw GatewayConfigurationError.unlimited }
            return nil
        case let path:
            guard let data = FileManager.default.contents(atPath: path) else {
                throw SettingError.invalid(.rateLimits, "default, off, or a file that can be read; there is none at '\(path)'")
            }
            return try RateLimits(json: data)
        }
    }

    /// Whoever guesses it reads the figures, so a short one is a mistake.
    private static func metricsToken(_ settings: Settings) throws -> Secret? {
        guard let token = settings[.metricsToken] else { return nil }
        guard (16...1_024).contains(token.utf8.count), token.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            throw SettingError.invalid(.metricsToken, "16 to 1024 visible ASCII characters without a space")
        }
        return Secret(token.utf8)
    }

    /// A server that others can reach must be given its key; one on loopback makes its own beside the data.
    private static func keys(_ settings: Settings, isLoopback: Bool) throws -> SigningKeys {
        if let secret = settings[.secret] { return try SigningKeys(text: secret) }
        if let file = settings[.secretFile] { return try SigningKeys(file: file) }
        guard isLoopback else { throw SettingError.missing(.secret) }
        try FileManager.default.createDirectory(atPath: "data", withIntermediateDirectories: true)
        return try SigningKeys.kept(inFile: "data/secret")
    }
}
