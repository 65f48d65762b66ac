extension ModelSettings {
    /// The keys of `settings:`; they are named as in the Agents SDK.
    static let promptKeys = [
        "temperature", "top_p", "tool_choice", "parallel_tool_calls", "max_tokens", "frequency_penalty", "presence_penalty", "reasoning",
        "verbosity", "truncation", "store", "metadata", "top_logprobs", "response_include", "include_usage", "prompt_cache_key",
        "prompt_cache_retention", "prompt_cache_options", "context_management", "timeout", "retry", "extra_headers", "extra_query", "extra_body",
        "extra_args",
    ]

    init(_ fields: FrontMatter) throws {
        let reasoning = try fields.section("reasoning", keys: ["effort", "summary"])
        self.init(
            temperature: try fields.number("temperature"),
            topP: try fields.number("top_p"),
            toolChoice: try fields.toolChoice(),
            parallelToolCalls: try fields.flag("parallel_tool_calls"),
            maxTokens: try fields.positive("max_tokens"),
            frequencyPenalty: try fields.number("frequency_penalty"),
            presencePenalty: try fields.number("presence_penalty"),
            reasoningEffort: try reasoning?.text("effort"),
            reasoningSummary: try reasoning?.text("summary"),
            verbosity: try fields.text("verbosity"),
            truncation: try fields.text("truncation"),
            store: try fields.flag("store"),
            metadata: try fields.texts("metadata"),
            topLogprobs: try fields.count("top_logprobs"),
            responseInclude: try fields.list("response_include"),
            includeUsage: try fields.flag("include_usage"),
            promptCacheKey: try fields.text("prompt_cache_key"),
            promptCacheRetention: try fields.text("prompt_cache_retention"),
            promptCacheOptions: try fields.object("prompt_cache_options").map(JSONValue.object),
            contextManagement: try fields.json("context_management"),
            timeout: try fields.seconds("timeout"),
            retry: try fields.section("retry", keys: RetrySettings.promptKeys).map { try RetrySettings($0) },
            extraHeaders: try fields.texts("extra_headers"),
            extraQuery: try fields.texts("extra_query"),
            extraBody: try fields.object("extra_body"),
            extraArgs: try fields.object("extra_args")
        )
    }
}

extension RetrySettings {
    fileprivate static let promptKeys = ["max_retries", "backoff", "policy", "approves_unsafe_replay"]

    fileprivate init(_ fields: FrontMatter) throws {
        let backoff = try fields.section("backoff", keys: ["initial_delay", "max_delay", "multiplier", "jitter"])
        self.init(
            maxRetries: try fields.count("max_retries"),
            backoff: try backoff.map { backoff in
                Backoff(
                    initialDelay: try backoff.seconds("initial_delay"), maxDelay: try backoff.seconds("max_delay"),
                    multiplier: try backoff.number("multiplier"), jitter: try backoff.flag("jitter"))
            },
            policy: try fields.list("policy").map { names in .any(try names.map { try fields.retryPolicy($0) }) },
            approvesUnsafeReplay: try fields.flag("approves_unsafe_replay")
        )
    }
}

extension FrontMatter {
    /// One of the policies of which any is enough; a number is a status.
    fileprivate func retryPolicy(_ name: String) throws -> RetryPolicy {
        switch name {
        case "never": return .never
        case "provider_suggested": return .providerSuggested
        case "network_error": return .networkError
        case "retry_after": return .retryAfter
        default:
            guard let status = Int(name), (400...599).contains(status) else {
                throw mistake("policy", "a list of never, provider_suggested, network_error, retry_after, and statuses from 400 to 599")
            }
            return .httpStatus([status])
        }
    }
}
