extension RunConfig {
    /// The trace of a run by its log: the one that the log names, unless this configuration asks for another.
    ///
    /// A run that was accepted before it had a trace gets the same one in each of its parts; the part that finds nothing but the
    /// acceptance begins it.
    func trace(of run: String, after stored: [RunRecord], ids: TraceIDs) -> (trace: Trace, isReattached: Bool) {
        let start = stored.lazy.compactMap { if case .start(let start) = $0.event { start } else { nil } }.first
        if let earlier = start?.trace {
            if fits(earlier) { return (earlier, true) }
            return (trace(id: traceID ?? ids.trace()), false)
        }
        if start != nil { return (trace(id: traceID ?? TraceIDs.trace(ofRun: run)), stored.count > 1) }
        return (trace(id: traceID ?? ids.trace()), false)
    }

    private func trace(id: String) -> Trace {
        Trace(id: id, workflowName: workflowName, groupID: groupID, metadata: traceMetadata)
    }

    private func fits(_ trace: Trace) -> Bool {
        (workflowName == RunConfig().workflowName || workflowName == trace.workflowName)
            && (traceID ?? trace.id) == trace.id
            && (groupID ?? trace.groupID) == trace.groupID
            && (traceMetadata ?? trace.metadata) == trace.metadata
    }
}
