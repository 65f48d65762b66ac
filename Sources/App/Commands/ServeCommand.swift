import AgentRuntime
import ArgumentParser
import Foundation
import Gateway
import Tools

/// `agent serve`
struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "serve", abstract: "Serves the page and the API.")

    @Option(help: "The address to listen on. (AGENT_HOST)")
    var host: String?

    @Option(help: "The port to listen on. (AGENT_PORT)")
    var port: Int?

    @Option(name: .customLong("public-url"), help: "Where people reach the gateway: https://... (AGENT_PUBLIC_URL)")
    var publicURL: String?

    @Option(help: "Origins of other pages that may use the API, with commas between them. (AGENT_ALLOWED_ORIGINS)")
    var allowedOrigins: String?

    @Option(help: "Addresses or networks of the proxies in front, whose X-Forwarded-For is believed. (AGENT_TRUSTED_PROXIES)")
    var trustedProxies: String?

    @Option(help: "A file with the certificate chain, with which the gateway speaks TLS itself; read again on SIGHUP. (AGENT_TLS_CERTIFICATE)")
    var tlsCertificate: String?

    @Option(help: "A file with the certificate's private key. (AGENT_TLS_KEY)")
    var tlsKey: String?

    @Flag(help: "Prints every setting with its value and its source, and ends.")
    var printConfig = false

    @OptionGroup var servers: ToolServerOptions

    @OptionGroup var options: ModelOptions

    func run() async throws {
        Heaps.limit()
        var flags = options.flags
        flags[.host] = host
        flags[.port] = port.map(String.init)
        flags[.publicURL] = publicURL
        flags[.allowedOrigins] = allowedOrigins
        flags[.trustedProxies] = trustedProxies
        flags[.tlsCertificate] = tlsCertificate
        flags[.tlsKey] = tlsKey
        let settings = try Settings.read(flags, file: options.config)
        if printConfig {
            print(settings.lines.joined(separator: "\n"))
            return
        }
        let logger = try Settings.mistakesAsUsage { try Assembly.logger(settings) }
        let files = try Settings.mistakesAsUsage { try [PromptFile](folder: settings.text(.prompts)) }
        // The services end on signals, and the servers with them.
        try await servers.withSources(declared: files.flatMap(\.servers), endedBy: [], logger) { sources in
            let (assembly, serving) = try Settings.mistakesAsUsage {
                let assembly = try Assembly(settings, files: files, servers: sources, breaks: true)
                return (assembly, try Serving(settings, assembly))
            }
            try await Settings.mistakesAsFailure { try await serving.run(assembly) }
        }
    }
}
