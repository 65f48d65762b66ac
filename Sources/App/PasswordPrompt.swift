import Foundation

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Takes a password from the keyboard, unseen and twice, or from the first line of what is piped in. Never from the arguments, which everybody on
/// the machine can see.
enum PasswordPrompt {
    static func read(for email: String) throws -> String {
        guard isatty(STDIN_FILENO) == 1 else {
            guard let line = readLine(), !line.isEmpty else {
                throw SettingMistake("Give the password as the first line of standard input, or use --one-time.")
            }
            return line
        }
        let password = unseen("Password for \(email): ")
        guard unseen("The same again: ") == password else { throw SettingMistake("The two were not the same. Nothing was done.") }
        return password
    }

    private static func unseen(_ question: String) -> String {
        try? FileHandle.standardError.write(contentsOf: Data(question.utf8))
        var before = termios()
        tcgetattr(STDIN_FILENO, &before)
        var silent = before
        silent.c_lflag &= ~tcflag_t(ECHO)
        tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent)
        defer {
            tcsetattr(STDIN_FILENO, TCSAFLUSH, &before)
            try? FileHandle.standardError.write(contentsOf: Data("\n".utf8))
        }
        return readLine() ?? ""
    }
}
