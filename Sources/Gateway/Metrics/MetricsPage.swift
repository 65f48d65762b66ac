import AgentRuntime
import Persistence

/// What `/metrics` shows: what was counted, and how things stand at this moment.
struct MetricsPage: Sendable {
    let metrics: Metrics
    let database: any Database
    let hasher: PasswordHasher
    let supervisor: RunSupervisor
    var process: @Sendable () -> ProcessFigures? = { .current }

    var text: String {
        var page = MetricsText()
        for family in [
            metrics.requests, metrics.rateLimited, metrics.signIns, metrics.securityEvents, metrics.runs, metrics.toolCalls, metrics.modelRequests,
            metrics.tokens,
        ] { page.add(family) }
        for family in [metrics.requestTimes, metrics.runTimes, metrics.modelFirstEvents, metrics.modelTimes] { page.add(family) }
        page.add(gauge: "agent_streams_open", "Streams of chat events that are read.", Double(supervisor.streams.count))
        page.add(gauge: "agent_runs_active", "Runs that this process carries out.", Double(supervisor.liveRuns.count))
        page.add(
            gauge: "agent_model_circuit_open", "1 while a provider is not asked, since it failed again and again.", "provider",
            metrics.openCircuits.mapValues { $0 ? 1 : 0 })
        addHashing(to: &page)
        addDatabase(to: &page)
        addProcess(to: &page)
        return page.text
    }

    private func addHashing(to page: inout MetricsText) {
        let hashing = hasher.statistics
        page.add(gauge: "agent_hash_queue_length", "Passwords that wait to be hashed.", Double(hashing.waiting))
        page.add(counter: "agent_hash_refused_total", "Passwords that were not looked at, since too many waited.", Double(hashing.refused))
        page.add("agent_hash_wait_seconds", "How long passwords waited to be hashed.", hashing.waits)
    }

    private func addDatabase(to page: inout MetricsText) {
        let writes = database.writeStatistics
        page.add(gauge: "agent_database_write_queue_length", "Writes that wait for the database.", Double(writes.waiting))
        page.add(counter: "agent_database_writes_refused_total", "Writes that were refused, since too many waited.", Double(writes.refused))
        page.add("agent_database_commit_seconds", "How long commits took; each may hold many writes.", writes.commits)
        page.add(gauge: "agent_database_takes_writes", "0 once a failed disk has ended all writing.", database.takesWrites ? 1 : 0)
    }

    /// https://prometheus.io/docs/instrumenting/writing_clientlibs/#process-metrics
    private func addProcess(to page: inout MetricsText) {
        guard let process = process() else { return }
        page.add(counter: "process_cpu_seconds_total", "Processor time that was used.", process.cpuSeconds)
        page.add(gauge: "process_resident_memory_bytes", "Memory in use.", process.residentBytes)
        page.add(gauge: "process_start_time_seconds", "When the process began, since 1970.", process.startedAt)
        page.add(gauge: "process_open_fds", "Open files and connections.", Double(process.openFiles))
        page.add(gauge: "process_max_fds", "How many of them there may be.", process.mostFiles)
    }
}
