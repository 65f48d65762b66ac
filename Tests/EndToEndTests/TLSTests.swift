import AgentRuntime
import DatabaseFixtures
import Foundation
import Testing

/// TLS that the gateway ends itself.
@Suite struct TLSTests {
    private let person: JSONValue = ["email": "ada@example.com", "password": "correct horse battery", "name": "Ada"]

    @Test(arguments: [true, false]) func r074_aPersonChatsOverTLSInBothVersionsOfHTTP(http2: Bool) async throws {
        let certificate = try TestCertificate()
        let server = try server(with: certificate)
        defer { server.kill() }
        try await server.ready()
        let client = HTTPClient(server.url, transport: transport(trusting: certificate, http2: http2))
        let registered = try await client.post("/api/auth/register", person)
        #expect(registered.status == 201)
        let cookies = registered.headers.values(for: "Set-Cookie")
        #expect(cookies.contains { $0.hasPrefix("__Host-agent=") && $0.contains("; Secure") })
        #expect(registered.headers["Strict-Transport-Security"] != nil)
        let events = try await client.chat("add milk")
        #expect(events.last?["type"] == "done")
        #expect(try await client.get("/api/todos").json["data"]?.array?.count == 1)
    }

    @Test func r074_aRequestInTheClearIsNotAnswered() async throws {
        let certificate = try TestCertificate()
        let server = try server(with: certificate)
        defer { server.kill() }
        try await server.ready()
        let clear = HTTPClient(server.url.replacingOccurrences(of: "https", with: "http"))
        await #expect(throws: TransportError.self) { try await clear.get("/healthz") }
        let client = HTTPClient(server.url, transport: transport(trusting: certificate))
        #expect(try await client.get("/healthz").status == 200)
    }

    @Test func aNewCertificateIsServedAfterSIGHUPAndABadOneIsNot() async throws {
        let (first, second) = (try TestCertificate(), try TestCertificate())
        let server = try server(with: first)
        defer { server.kill() }
        try await server.ready()
        #expect(try await HTTPClient(server.url, transport: transport(trusting: first)).get("/healthz").status == 200)

        try Data("no certificate".utf8).write(to: URL(filePath: first.certificateFile))
        server.signal(SIGHUP)
        try await server.logs("the certificate stays as it was")

        try Data(contentsOf: URL(filePath: second.certificateFile)).write(to: URL(filePath: first.certificateFile))
        try Data(contentsOf: URL(filePath: second.keyFile)).write(to: URL(filePath: first.keyFile))
        server.signal(SIGHUP)
        try await server.logs("the certificate was read again")
        #expect(try await HTTPClient(server.url, transport: transport(trusting: second)).get("/healthz").status == 200)
    }

    @Test func filesThatCannotBeServedWithAreRefusedWithWhatToDo() async throws {
        let (one, other) = (try TestCertificate(), try TestCertificate())
        let prompts = ["AGENT_PROMPTS": RunningServer.prompts.path]
        func refusal(_ certificate: String, _ key: String) async throws -> String {
            let call = try await AgentCall.run(
                ["serve", "--port", String(FreePort.find()), "--tls-certificate", certificate, "--tls-key", key],
                in: one.folder, environment: prompts)
            #expect(call.status == 2)
            return call.errors
        }
        #expect(try await refusal("missing.pem", one.keyFile).contains("There is no certificate in PEM that can be read in missing.pem."))
        #expect(try await refusal(one.certificateFile, one.certificateFile).contains("private key"))
        #expect(try await refusal(one.certificateFile, other.keyFile).contains("does not belong to the certificate"))
        #expect(chmod(one.keyFile, 0o644) == 0)
        #expect(try await refusal(one.certificateFile, one.keyFile).contains("chmod 600"))
        let half = try await AgentCall.run(["serve", "--tls-certificate", one.certificateFile], in: one.folder, environment: prompts)
        #expect(half.status == 2)
        #expect(half.errors.contains("AGENT_TLS_KEY"))
    }

    private func server(with certificate: TestCertificate) throws -> RunningServer {
        try RunningServer(
            scheme: "https", environment: ["AGENT_TLS_CERTIFICATE": certificate.certificateFile, "AGENT_TLS_KEY": certificate.keyFile])
    }

    private func transport(trusting certificate: TestCertificate, http2: Bool = true) -> CurlTransport {
        CurlTransport(configuration: .init(certificateAuthorityFile: certificate.certificateFile, allowsHTTP2: http2))
    }
}
