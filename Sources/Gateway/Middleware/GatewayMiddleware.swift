import Hummingbird
import Logging
import Persistence

extension Router where Context == GatewayRequestContext {
    /// What every request goes through, from the outside in. Add it before the first route.
    func addGatewayMiddleware(
        _ configuration: GatewayConfiguration,
        bodies: BodyGate = BodyGate(),
        identifiers: IdentifierGenerator = IdentifierGenerator()
    ) {
        let cors = CORSPolicy(origins: configuration.foreignOrigins)
        add(middleware: RequestIDMiddleware(identifiers: identifiers))
        add(middleware: ClientAddressMiddleware(proxies: configuration.proxies))
        add(middleware: AccessLogMiddleware())
        add(middleware: SecurityHeadersMiddleware(isSecure: configuration.publicURL.isSecure))
        add(middleware: CORSMiddleware(policy: cors))
        add(middleware: ProblemMiddleware())
        add(middleware: HostGate(configuration: configuration))
        add(middleware: PreflightMiddleware(policy: cors))
        add(middleware: OriginGate(configuration: configuration))
        add(middleware: bodies)
    }
}
