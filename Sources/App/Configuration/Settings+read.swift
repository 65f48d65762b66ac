import ArgumentParser
import Foundation

extension Settings {
    /// The settings of this process. A mistake ends the command with a sentence that says what to do.
    static func read(_ flags: [Setting: String], file: String?) throws -> Settings {
        try mistakesAsUsage { try Settings(flags: flags, environment: ProcessInfo.processInfo.environment, file: file) }
    }
}

extension Settings {
    /// A mistake in what was given: its sentence, and exit code 2 as for a wrong flag.
    static func mistakesAsUsage<Output>(_ work: () throws -> Output) throws -> Output {
        do { return try work() } catch { throw ExitCode.mistake(error, code: 2) }
    }

    /// A failure on the way: its sentence, and exit code 1.
    static func mistakesAsFailure<Output>(_ work: () async throws -> Output) async throws -> Output {
        do {
            return try await work()
        } catch let code as ExitCode {
            throw code
        } catch {
            throw ExitCode.mistake(error, code: 1)
        }
    }
}

extension ExitCode {
    /// Says what is wrong on standard error.
    static func mistake(_ error: any Error, code: Int32) -> ExitCode {
        if let code = error as? ExitCode { return code }
        try? FileHandle.standardError.write(contentsOf: Data("agent: \(error)\n".utf8))
        return ExitCode(code)
    }
}
