extension ModelSettings {
    /// What holds for an agent whose settings nobody touched: GPT-5 models think and write little, others are left to their provider.
    ///
    /// The models whose effort is known: https://openai.github.io/openai-agents-python/models/
    public static func defaults(for model: String) -> ModelSettings {
        guard model.hasPrefix("gpt-5"), !model.hasSuffix("-chat-latest") else { return ModelSettings() }
        let family = model.withoutDate
        return ModelSettings(reasoningEffort: efforts[model] ?? (dated.contains(family) ? efforts[family] : nil), verbosity: "low")
    }

    private static let efforts = [
        "gpt-5": "low", "gpt-5.1": "none", "gpt-5.2": "none", "gpt-5.2-pro": "medium", "gpt-5.2-codex": "low", "gpt-5.3-codex": "none",
        "gpt-5.4": "none", "gpt-5.4-pro": "medium", "gpt-5.4-mini": "none", "gpt-5.4-nano": "none", "gpt-5.5": "none", "gpt-5.6": "none",
        "gpt-5.6-sol": "none", "gpt-5.6-terra": "none", "gpt-5.6-luna": "none",
    ]

    /// Models that have versions by date.
    private static let dated = Set(efforts.keys).subtracting(["gpt-5.2-codex", "gpt-5.3-codex"])
}

extension String {
    /// The name before `-2025-08-07`.
    fileprivate var withoutDate: String {
        let end = utf8.suffix(11)
        let isDate =
            end.count == 11
            && zip(end, "-dddd-dd-dd".utf8).allSatisfy { byte, form in
                form == UInt8(ascii: "-") ? byte == form : (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
            }
        return isDate ? String(dropLast(11)) : self
    }
}
