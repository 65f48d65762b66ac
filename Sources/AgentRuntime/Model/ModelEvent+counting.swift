extension ModelEvent {
    /// The same event; a response counts the requests that failed before it came.
    func counting(failures: Int) -> ModelEvent {
        guard failures > 0, case .completed(var response) = self else { return self }
        response.usage = Usage(requests: failures) + response.usage
        return .completed(response)
    }
}
