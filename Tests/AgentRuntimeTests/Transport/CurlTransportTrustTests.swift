import AgentRuntime
import AgentTesting
import DatabaseFixtures
import Testing

/// A model server that cannot be trusted is left at once: the key and the conversation are not for it.
@Suite(.timeLimit(.minutes(5))) struct CurlTransportTrustTests {
    /// What is wrong with a server's certificate.
    enum Fault: CaseIterable {
        case selfSigned, forAnotherHost, expired

        /// The certificate, and whether it is among those that are trusted.
        func certificate() throws -> (TestCertificate, isTrusted: Bool) {
            switch self {
            case .selfSigned: (try TestCertificate(), false)
            case .forAnotherHost: (try TestCertificate(for: "DNS:example.com"), true)
            case .expired: (try TestCertificate(isExpired: true), true)
            }
        }

        /// Words of libcurl's or OpenSSL's.
        var words: String {
            switch self {
            case .selfSigned: "self-signed certificate"
            case .forAnotherHost: "no alternative certificate subject name matches"
            case .expired: "certificate has expired"
            }
        }
    }

    @Test(arguments: Fault.allCases, [true, false])
    func r102_aCertificateThatIsNotGoodIsATLSErrorAndNothingElseIsTried(fault: Fault, allowsHTTP2: Bool) async throws {
        let (certificate, isTrusted) = try fault.certificate()
        let trusted = isTrusted ? certificate.certificateFile : nil
        let transport = CurlTransport(configuration: .init(certificateAuthorityFile: trusted, allowsHTTP2: allowsHTTP2))
        try await FrameServer.serving(certificate) { _ in
            [.head, .data(WireAPI.responses.stream, endsStream: true)]
        } to: { server, url async throws in
            let clock = ManualClock()
            let model = RetryingModel(WireAPI.responses.model(transport, baseURL: url + "/v1"), clock: clock)
            let error = await #expect(throws: ModelError.self) { _ = try await model.events(for: .hello) }
            guard case .transport(.tls(let reason))? = error else { throw Unexpected(error) }
            #expect(reason.contains(fault.words))
            #expect(clock.sleeps.isEmpty, "it is not tried again")
            #expect(server.connectionCount == 1, "neither by libcurl, nor without TLS")
            #expect(server.requests.isEmpty, "the key was not shown")
        }
    }

    /// The same server with a certificate that is good.
    @Test func aCertificateThatIsGoodIsTaken() async throws {
        let certificate = try TestCertificate()
        let transport = CurlTransport(configuration: .init(certificateAuthorityFile: certificate.certificateFile))
        try await FrameServer.serving(certificate) { _ in
            [.head, .data(WireAPI.responses.stream, endsStream: true)]
        } to: { server, url async throws in
            let events = try await WireAPI.responses.model(transport, baseURL: url + "/v1").events(for: .hello)
            guard case .completed? = events.last else { throw Unexpected(events.last) }
            #expect(server.requests == [FrameServer.Place(connection: 1, stream: 1)])
        }
    }

    /// A circuit that is open answers for a server that cannot be trusted as for one that is down.
    @Test func r102_aServerThatCannotBeTrustedIsSoonLeftAlone() async throws {
        let certificate = try TestCertificate(isExpired: true)
        let transport = CurlTransport(configuration: .init(certificateAuthorityFile: certificate.certificateFile))
        try await FrameServer.serving(certificate) { _ in
            []
        } to: { server, url async throws in
            let breaker = CircuitBreaker()
            let model = CircuitBreakingModel(WireAPI.responses.model(transport, baseURL: url + "/v1"), breaker: breaker)
            for _ in 1...20 { await #expect(throws: ModelError.self) { _ = try await model.events(for: .hello) } }
            #expect(breaker.isOpen)
            #expect(server.connectionCount == 5)
        }
    }
}
