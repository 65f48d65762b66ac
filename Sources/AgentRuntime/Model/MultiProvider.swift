/// Finds the model that a name stands for, by what is before its first slash: `openai/gpt-5-mini`, `local/qwen3`.
public struct MultiProvider: Sendable {
    /// Makes the model of a name at one provider.
    public typealias Provider = @Sendable (_ name: String) -> any Model

    /// What a prefix means that is not among the providers'.
    public enum UnknownPrefix: Sendable, Hashable {
        /// A mistake of the caller.
        case error
        /// A part of the name, which the main provider understands.
        case modelID
    }

    /// What `openai/` means when no provider has that prefix.
    public enum OpenAIPrefix: Sendable, Hashable {
        /// The main provider.
        case alias
        /// A part of the name, which the main provider understands.
        case modelID
    }

    /// For a name that has no prefix.
    public var main: Provider
    public var providers: [String: Provider]
    /// Stands for no name.
    public var defaultModel: String
    public var unknownPrefix: UnknownPrefix
    public var openAIPrefix: OpenAIPrefix

    public init(
        main: @escaping Provider,
        providers: [String: Provider] = [:],
        defaultModel: String = MultiProvider.defaultModel(in: [:]),
        unknownPrefix: UnknownPrefix = .error,
        openAIPrefix: OpenAIPrefix = .alias
    ) {
        self.main = main
        self.providers = providers
        self.defaultModel = defaultModel
        self.unknownPrefix = unknownPrefix
        self.openAIPrefix = openAIPrefix
    }

    /// Throws `RunError.user` for an unknown prefix, unless it is taken for a part of the name.
    public func model(named name: String?) throws(RunError) -> any Model {
        let name = name ?? defaultModel
        guard let slash = name.utf8.firstIndex(of: UInt8(ascii: "/")) else { return main(name) }
        let (prefix, rest) = (String(name[..<slash]), String(name[name.utf8.index(after: slash)...]))
        if let provider = providers[prefix] { return provider(rest) }
        if prefix == "openai" { return main(openAIPrefix == .alias ? rest : name) }
        guard unknownPrefix == .modelID else {
            let known = (providers.keys.sorted() + ["openai"]).joined(separator: ", ")
            throw .user("The model '\(name)' has the unknown prefix '\(prefix)'. Known: \(known).")
        }
        return main(name)
    }

    /// The model that `OPENAI_DEFAULT_MODEL` names in lower case, else the one that the Agents SDK takes.
    public static func defaultModel(in environment: [String: String]) -> String {
        let words = environment["OPENAI_DEFAULT_MODEL"]?.lowercased().split(whereSeparator: \.isWhitespace) ?? []
        return words.isEmpty ? "gpt-5.6-luna" : words.joined(separator: " ")
    }
}
