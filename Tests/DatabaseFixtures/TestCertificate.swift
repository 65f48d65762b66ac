public import Foundation

/// A self-signed certificate for one address, made when it is needed and gone with the value.
public final class TestCertificate: Sendable {
    public let folder: URL
    public var certificateFile: String { folder.appending(path: "certificate.pem").path }
    public var keyFile: String { folder.appending(path: "key.pem").path }

    public init(for subject: String = "IP:127.0.0.1") throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "transport-" + UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let openssl = Process()
        openssl.executableURL = URL(filePath: "/usr/bin/env")
        openssl.arguments =
            ["openssl", "req", "-x509", "-nodes", "-days", "2", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"]
            + ["-subj", "/CN=loopback", "-addext", "subjectAltName=" + subject, "-keyout", keyFile, "-out", certificateFile]
        openssl.standardError = FileHandle.nullDevice
        try openssl.runAlone()
        openssl.waitUntilExit()
        guard openssl.terminationStatus == 0 else { throw NotMade(exitCode: openssl.terminationStatus) }
    }

    private struct NotMade: Error {
        let exitCode: Int32
    }

    deinit {
        try? FileManager.default.removeItem(at: folder)
    }
}
