extension ModelSettings {
    /// These settings, with each field that `override` sets taken from it: `extraArgs` by key and `retry` field by field, all others whole.
    public func overlaid(by override: ModelSettings) -> ModelSettings {
        var merged = self
        merged.takeSampling(of: override)
        merged.takeProvider(of: override)
        if let retry = override.retry { merged.retry = merged.retry?.overlaid(by: retry) ?? retry }
        if let args = override.extraArgs { merged.extraArgs = (merged.extraArgs ?? [:]).merging(args) { _, new in new } }
        return merged
    }

    /// What changes how the model answers.
    private mutating func takeSampling(of other: ModelSettings) {
        take(\.temperature, of: other)
        take(\.topP, of: other)
        take(\.toolChoice, of: other)
        take(\.parallelToolCalls, of: other)
        take(\.maxTokens, of: other)
        take(\.frequencyPenalty, of: other)
        take(\.presencePenalty, of: other)
        take(\.reasoningEffort, of: other)
        take(\.reasoningSummary, of: other)
        take(\.verbosity, of: other)
        take(\.truncation, of: other)
        take(\.topLogprobs, of: other)
    }

    /// What changes how the provider treats the request.
    private mutating func takeProvider(of other: ModelSettings) {
        take(\.store, of: other)
        take(\.metadata, of: other)
        take(\.responseInclude, of: other)
        take(\.includeUsage, of: other)
        take(\.promptCacheKey, of: other)
        take(\.promptCacheRetention, of: other)
        take(\.promptCacheOptions, of: other)
        take(\.contextManagement, of: other)
        take(\.timeout, of: other)
        take(\.extraHeaders, of: other)
        take(\.extraQuery, of: other)
        take(\.extraBody, of: other)
    }

    private mutating func take<Value>(_ field: WritableKeyPath<ModelSettings, Value?>, of other: ModelSettings) {
        if let value = other[keyPath: field] { self[keyPath: field] = value }
    }
}
