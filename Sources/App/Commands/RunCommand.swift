import AgentRuntime
import ArgumentParser
import FoundationEssentials
import Gateway
import Persistence
import Tools

/// `agent run`
struct RunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Runs an agent once and prints the result as one JSON object.",
        discussion: "Exit code 0 for a result, 1 for an error (which is in the object), 2 for a mistake in the flags, 3 when calls wait for approval."
    )

    @Option(help: "What the person says. Left out, the run that waits in the session goes on.")
    var input: String?

    @Option(help: "The prompt file to begin with, without its ending.")
    var agent = "assistant"

    @Option(help: "Model calls that the run may make.")
    var maxTurns: Int?

    @Flag(help: "Prints the events first, one JSON object a line.")
    var stream = false

    @Option(help: "A file that keeps the conversation; it need not exist.")
    var session: String?

    @Option(parsing: .singleValue, help: "The id of a waiting call that may be made, or `all`. Repeatable.")
    var approve: [String] = []

    @Option(parsing: .singleValue, help: "The id of a waiting call that must not be made, or `all`. Repeatable.")
    var reject: [String] = []

    @Option(help: "How often a request to the model is tried again.")
    var retries: Int?

    @OptionGroup var servers: ToolServerOptions

    @OptionGroup var options: ModelOptions

    func validate() throws {
        if let maxTurns, maxTurns < 1 { throw ValidationError("--max-turns must be 1 or more.") }
        if let retries, !(0...9).contains(retries) { throw ValidationError("--retries must be from 0 to 9.") }
    }

    func run() async throws {
        var flags = options.flags
        flags[.limitModelTries] = retries.map { String($0 + 1) }
        let settings = try Settings.read(flags, file: options.config)
        let logger = try Settings.mistakesAsUsage { try Assembly.logger(settings) }
        let task = try await task()
        let files = try Settings.mistakesAsUsage { try [PromptFile](folder: settings.text(.prompts)) }
        try await servers.withSources(declared: files.servers(reachedFrom: task.agent), logger) { sources in
            let assembly = try Settings.mistakesAsUsage { try Assembly(settings, files: files, servers: sources) }
            try await assembly.traces.provider.exporting { try await run(task, assembly) }
        }
    }

    private func run(_ task: RunTask, _ assembly: Assembly) async throws {
        var agent = try Settings.mistakesAsUsage { try assembly.agent(task.agent) }
        agent.maxTurns = maxTurns ?? agent.maxTurns
        let runner = try Settings.mistakesAsUsage { try assembly.runner }
        let place = try await Settings.mistakesAsFailure {
            try await RunPlace(for: task.agent, options.database, session: session, in: assembly.prompts)
        }
        defer { place.remove() }
        let log = InMemoryRunLog(run: task.run, prefix: task.records)
        let outcome = await RunOutcome { try await run(task, agent, assembly.config(task.agent), runner, log, in: place) }
        try await Settings.mistakesAsFailure { try await task.keep(log, isInterrupted: outcome.isInterrupted) }
        print(outcome.json.text)
        if outcome.isFailure { throw ExitCode(1) }
        if outcome.isInterrupted { throw ExitCode(3) }
    }

    private func task() async throws -> RunTask {
        do {
            return try await RunTask(input: input, agent: agent, session: session, approve: approve, reject: reject)
        } catch let mistake as SettingMistake {
            throw ValidationError(mistake.description)
        }
    }

    private func run(
        _ task: RunTask,
        _ agent: Agent<UserContext>,
        _ config: RunConfig<UserContext>,
        _ runner: Runner,
        _ log: InMemoryRunLog,
        in place: RunPlace
    ) async throws -> RunResult {
        let context = try place.person.context()
        var runner = runner
        runner.isStreamed = stream
        return try await runner.run(
            agent, input: task.input, context: context, config: config, facts: ["today": context.today.description],
            session: task.session, log: log, decisions: task.decisions
        ) { [stream] record in
            guard stream, let event = ChatEvent(record, run: task.run, conversation: task.run) else { return }
            print(event.data.text)
        }
    }
}
