extension ModelRequest {
    /// The body with what the settings add to it and lay over it. Throws `RunError.user` for an added member that is there already.
    func completed(_ body: [String: JSONValue], at endpoint: ModelEndpoint) throws(RunError) -> JSONValue {
        var body = body
        body["prompt_cache_key"] = promptCacheKey(at: endpoint).map(JSONValue.string)
        for (key, value) in settings.extraArgs ?? [:] {
            guard body.updateValue(value, forKey: key) == nil else {
                throw .user("The model settings' 'extra_args' have '\(key)', which the request has already.")
            }
        }
        body.merge(settings.extraBody ?? [:]) { _, new in new }
        return .object(body)
    }

    /// The caller's, or at OpenAI the conversation's.
    private func promptCacheKey(at endpoint: ModelEndpoint) -> String? {
        if let key = settings.promptCacheKey { return key }
        let isSetElsewhere = settings.extraArgs?["prompt_cache_key"] != nil || settings.extraBody?["prompt_cache_key"] != nil
        return endpoint.isOpenAI && !isSetElsewhere ? promptCacheGroup : nil
    }
}
