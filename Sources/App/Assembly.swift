import AgentRuntime
import Foundation
import Gateway
import Logging
import Persistence
import Tools

/// The parts that every command is put together from.
struct Assembly: Sendable {
    let settings: Settings
    let logger: Logger
    let models: ModelProvider
    let prompts: PromptLibrary<UserContext>
    let traces: TraceExport

    /// - Parameters:
    ///   - files: Nil for those of the folder that the settings name.
    ///   - servers: The connected tool servers that prompt files may list.
    ///   - breaks: Whether providers that fail again and again are left alone for a while: for a process that lives long.
    ///   - logger: Nil for one as the settings say.
    init(_ settings: Settings, files: [PromptFile]? = nil, servers: [ToolSource<UserContext>] = [], breaks: Bool = false, logger: Logger? = nil)
        throws
    {
        self.settings = settings
        let logger = try logger ?? Assembly.logger(settings)
        self.logger = logger
        let models = try ModelProvider(settings, breaks: breaks, logger: logger)
        self.models = models
        traces = try TraceExport(settings, isOffline: models.isOffline, logger: logger)
        let files = try files ?? [PromptFile](folder: settings.text(.prompts))
        prompts = try PromptLibrary(files: files, parts: Assembly.parts(models, servers))
    }

    var runner: Runner {
        get throws { Runner(model: models.model, limits: try limits, prices: try prices, logger: logger, traceProvider: traces.provider) }
    }

    /// What a run that begins with this prompt file does differently.
    func config(_ id: String) -> RunConfig<UserContext> {
        var config = prompts.config(id)
        config.traceIncludesSensitiveData = traces.includesContents
        return config
    }

    private var limits: RunLimits {
        get throws {
            RunLimits(
                turns: try settings.number(.limitTurns, in: 1...1_000),
                toolCalls: try settings.number(.limitToolCalls, in: 1...10_000),
                identicalCalls: try settings.number(.limitIdenticalCalls, in: 1...1_000),
                destructiveCalls: try settings.number(.limitDestructiveCalls, in: 0...10_000),
                text: try settings.number(.limitText, in: 1_024...16_777_216),
                toolOutput: try settings.number(.limitToolOutput, in: 256...1_048_576),
                budget: try budget
            )
        }
    }

    /// Of one run.
    private var budget: Budget? {
        get throws { try budget(tokens: .limitTokens, cost: .limitCost) }
    }

    /// Of all runs of one person in a day.
    var dailyBudget: Budget? {
        get throws { try budget(tokens: .limitTokensPerDay, cost: .limitMoneyPerDay) }
    }

    /// A limit in money is in the currency of the price list.
    private func budget(tokens: Setting, cost: Setting) throws -> Budget? {
        let count = settings[tokens] == nil ? nil : try settings.number(tokens, in: 1...1_000_000_000)
        guard let text = settings[cost] else { return count.map { Budget(tokens: $0) } }
        guard let money = Double(text), (0.000_001...1_000_000).contains(money), let billionths = Int(exactly: (money * 1e9).rounded()) else {
            throw SettingError.invalid(cost, "an amount of money, such as 0.05")
        }
        guard settings[.prices] != nil else { throw SettingError.missing(.prices) }
        return Budget(tokens: count, cost: billionths)
    }

    private var prices: PriceList {
        get throws {
            guard let path = settings[.prices] else { return PriceList() }
            guard let data = FileManager.default.contents(atPath: path) else {
                throw SettingError.invalid(.prices, "a file that can be read; there is none at '\(path)'")
            }
            return try PriceList(json: String(decoding: data, as: UTF8.self))
        }
    }

    /// The agent of a prompt file; the mistake of a name that is not there lists those that are.
    func agent(_ id: String) throws -> Agent<UserContext> {
        guard let agent = prompts.agent(id) else {
            throw SettingMistake("There is no agent '\(id)'. \(NearestName.hint(for: id, known: prompts.files.map(\.id)))")
        }
        return agent
    }

    /// What runs of a conversation do that begin with the agent: a conversation that grows too long is summed up, also where its file says nothing.
    func conversationConfig(_ id: String) throws -> RunConfig<UserContext> {
        var config = self.config(id)
        let limit = try settings.number(.limitContext, in: 1_000...100_000_000)
        let summarizer = models.isOffline ? nil : Summarizer(model: models.model)
        config.compaction = config.compaction ?? Compaction(budget: limit, summarizer: summarizer)
        return config
    }

    private static func parts(_ models: ModelProvider, _ servers: [ToolSource<UserContext>]) throws -> PromptParts<UserContext> {
        try PromptParts(
            modules: ToolModules.all,
            servers: servers,
            placeholders: UserContext.placeholders,
            values: { $0.value.values },
            model: { try models.model(named: $0) }
        )
    }

    /// - Parameter quietLevel: Of a command whose reader is a person, unless they set one.
    static func logger(_ settings: Settings, quietLevel: Logger.Level? = nil) throws -> Logger {
        guard let setLevel = Logger.Level(rawValue: try settings.text(.logLevel)) else {
            throw SettingError.invalid(.logLevel, Logger.Level.allCases.map(\.rawValue).joined(separator: ", "))
        }
        let level = settings.isDefault(.logLevel) ? quietLevel ?? setLevel : setLevel
        return Logger(label: "agent") { label in
            var handler = JSONLogHandler(label: label) { try? FileHandle.standardError.write(contentsOf: Data($0)) }
            handler.logLevel = level
            return handler
        }
    }
}

/// A mistake of whoever runs the command, told as a sentence.
struct SettingMistake: Error, CustomStringConvertible {
    let description: String

    init(_ sentence: String) {
        description = sentence
    }
}
