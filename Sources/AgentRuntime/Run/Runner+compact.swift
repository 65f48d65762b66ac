import Logging

extension Runner {
    /// Lets older turns give way; what came of it is in the log before the model is asked.
    func compact<Context>(_ plan: CompactionPlan, in run: RunInProgress<Context>) async throws {
        guard let compaction = run.config.compaction else { return }
        let places = Set(plan.replaced)
        let old = run.state.items.enumerated().filter { places.contains($0.offset) }.map(\.element)
        var record = CompactionRecord(replaced: plan.replaced)
        do {
            if let summarizer = compaction.summarizer {
                let request = summarizer.request(about: old, isStreamed: isStreamed)
                let response = try await run.withinBudget(request, of: summarizer.model.name) { request, tries in
                    try await run.generation(request, by: summarizer.model) { try await summarizer.respond(to: request, noting: tries) }
                }
                record.usage = response.usage
                record.summary = try summarizer.message(of: response)
            }
        } catch {
            guard compaction.onFailure == .dropOldest, error is ModelError, !Task.isCancelled else { throw error }
            logger.warning("no summary could be made; the oldest turns are dropped", metadata: ["error": "\(logged(error))"])
        }
        try run.journal.record(.compaction(record))
    }
}
