public import Foundation

/// A self-signed certificate for one address, made when it is needed and gone with the value.
public final class TestCertificate: Sendable {
    public let folder: URL
    public var certificateFile: String { folder.appending(path: "certificate.pem").path }
    public var keyFile: String { folder.appending(path: "key.pem").path }

    /// - Parameter isExpired: Whether its time was over yesterday.
    public init(for subject: String = "IP:127.0.0.1", isExpired: Bool = false) throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "transport-" + UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try Self.openssl(
            ["req", "-x509", "-nodes", "-days", "2", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"]
                + ["-subj", "/CN=loopback", "-addext", "subjectAltName=" + subject, "-keyout", keyFile, "-out", certificateFile])
        // Making one takes no day of the past, signing it again does.
        if isExpired { try Self.openssl(["x509", "-in", certificateFile, "-signkey", keyFile, "-days", "-1", "-out", certificateFile]) }
    }

    private static func openssl(_ arguments: [String]) throws {
        let openssl = Process()
        openssl.executableURL = URL(filePath: "/usr/bin/env")
        openssl.arguments = ["openssl"] + arguments
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
