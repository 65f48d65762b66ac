/// The ids of a run's two messages, derived from the run's.
enum MessageID {
    static let length = 1...100

    static func input(of run: String) -> String { "\(run).0" }
    static func output(of run: String) -> String { "\(run).1" }

    /// The run that a message belongs to, and whether it is what the person said; nil for what is no message's id.
    static func run(of message: String) -> (run: String, isInput: Bool)? {
        guard message.hasSuffix(".0") || message.hasSuffix(".1") else { return nil }
        return (String(message.dropLast(2)), message.hasSuffix(".0"))
    }
}
