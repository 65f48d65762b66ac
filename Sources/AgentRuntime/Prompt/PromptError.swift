/// A prompt file that cannot be used, with the place of the mistake.
public struct PromptError: Error, Sendable, Hashable, CustomStringConvertible {
    public var file: String
    /// From 1; nil when the mistake is in no single line.
    public var line: Int?
    public var sentence: String

    public init(file: String, line: Int? = nil, _ sentence: String) {
        self.file = file
        self.line = line
        self.sentence = sentence
    }

    public var description: String {
        line.map { "\(file):\($0): \(sentence)" } ?? "\(file): \(sentence)"
    }
}
