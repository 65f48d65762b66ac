import Glibc
import NIOSSL
import Synchronization

/// The certificate by which the gateway ends TLS itself, read anew when it is told to.
public final class ServerCertificate: Sendable {
    /// TLS 1.2 only with forward secrecy and authenticated encryption: https://www.rfc-editor.org/rfc/rfc9325#section-4.2
    private static let cipherSuites: [NIOTLSCipher] = [
        .TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, .TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
        .TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384, .TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,
        .TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256, .TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256,
    ]

    private let certificateFile: String
    private let keyFile: String
    private let current: Mutex<TLSConfiguration>
    private let onReload = Mutex<[@Sendable (TLSConfiguration) throws -> Void]>([])

    /// - Parameter certificateFile: The chain in PEM, this server's certificate first.
    /// - Parameter keyFile: The private key in PEM, which nobody but the owner and the group may read.
    public init(certificateFile: String, keyFile: String) throws(ServerCertificateError) {
        self.certificateFile = certificateFile
        self.keyFile = keyFile
        current = Mutex(try Self.read(certificateFile, keyFile))
    }

    /// Reads both files again; connections from now on get what is in them. When it throws, all stays as it was.
    public func reload() throws(ServerCertificateError) {
        let configuration = try Self.read(certificateFile, keyFile)
        for update in onReload.withLock({ $0 }) {
            do { try update(configuration) } catch { throw .notAPair(certificate: certificateFile, key: keyFile) }
        }
        current.withLock { $0 = configuration }
    }

    var configuration: TLSConfiguration { current.withLock { $0 } }

    /// Calls `update` with what is read later.
    func whenReloaded(_ update: @escaping @Sendable (TLSConfiguration) throws -> Void) {
        onReload.withLock { $0.append(update) }
    }

    private static func read(_ certificateFile: String, _ keyFile: String) throws(ServerCertificateError) -> TLSConfiguration {
        let chain: [NIOSSLCertificate]
        do { chain = try NIOSSLCertificate.fromPEMFile(certificateFile) } catch { throw .notACertificate(certificateFile) }
        guard !chain.isEmpty else { throw .notACertificate(certificateFile) }
        try checkMode(of: keyFile)
        let key: NIOSSLPrivateKey
        do { key = try NIOSSLPrivateKey(file: keyFile, format: .pem) } catch { throw .notAKey(keyFile) }
        var configuration = TLSConfiguration.makeServerConfiguration(certificateChain: chain.map { .certificate($0) }, privateKey: .privateKey(key))
        configuration.minimumTLSVersion = .tlsv12
        configuration.cipherSuiteValues = cipherSuites
        do { _ = try NIOSSLContext(configuration: configuration) } catch { throw .notAPair(certificate: certificateFile, key: keyFile) }
        return configuration
    }

    private static func checkMode(of file: String) throws(ServerCertificateError) {
        var status = stat()
        guard stat(file, &status) == 0 else { throw .notAKey(file) }
        guard status.st_mode & S_IRWXO == 0 else { throw .readableByAll(file) }
    }
}

/// Why a certificate cannot be served with.
public enum ServerCertificateError: Error, Sendable, Hashable, CustomStringConvertible {
    case notACertificate(String)
    case notAKey(String)
    case notAPair(certificate: String, key: String)
    case readableByAll(String)

    public var description: String {
        switch self {
        case .notACertificate(let file): "There is no certificate in PEM that can be read in \(file)."
        case .notAKey(let file): "There is no private key in PEM without a pass phrase that can be read in \(file)."
        case .notAPair(let certificate, let key): "The key in \(key) does not belong to the certificate in \(certificate)."
        case .readableByAll(let file): "Everybody on this machine can read the private key: chmod 600 \(file)."
        }
    }
}
