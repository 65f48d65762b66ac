import AgentRuntime
import AgentTesting

/// A conversation of several runs of the real loop over random scripts, and every request that its model was asked with.
///
/// The runs leave what real ones leave: whole turns, calls that nobody decided about, cut-off answers, logs that end anywhere.
struct RandomConversation {
    private(set) var requests: [ModelRequest] = []
    private var responses: RandomResponses
    private var generator: SeededGenerator
    /// Of the runs before, as their logs give it.
    private var history: [Item] = []
    private let session: InMemorySession?

    init(seed: UInt64) {
        generator = SeededGenerator(seed: seed)
        responses = RandomResponses(seed: seed ^ 0xABCD)
        session = Bool.random(using: &generator) ? InMemorySession() : nil
    }

    static func requests(seed: UInt64) async -> [ModelRequest] {
        var conversation = RandomConversation(seed: seed)
        for run in 0..<Int.random(in: 1...3, using: &conversation.generator) { await conversation.run(run) }
        return conversation.requests
    }

    /// One run, gone on with after each question to a person. However it ends, the conversation goes on.
    private mutating func run(_ number: Int) async {
        let model = ScriptedModel((0..<Int.random(in: 1...6, using: &generator)).map { _ in responses.step() }, pieceLength: 3)
        let log = InMemoryRunLog(run: "run\(number)")
        let input = input()
        var decisions: [ApprovalDecision] = []
        for _ in 0..<3 {
            let runner = Runner(model: model, limits: RunLimits(turns: 6, identicalCalls: nil), isStreamed: generator.chance(2))
            let result = try? await runner.run(
                RandomConversation.agent, input: input, context: (), config: config(), history: history, session: session, log: log,
                decisions: decisions)
            guard let asked = result?.interruptions, !asked.isEmpty, !generator.chance(4) else { break }
            decisions = asked.compactMap { decision(about: $0) }
        }
        requests += model.requests
        guard session == nil else { return }
        let records = generator.chance(3) ? log.records.prefix(Int.random(in: 0...log.records.count, using: &generator)) : log.records[...]
        history += Transcript(of: records.map(\.event)).items
    }

    private mutating func input() -> [Item] {
        let text = Item.user(responses.text())
        guard generator.chance(4) else { return [text] }
        let image: JSONValue = ["type": "input_image", "image_url": "data:image/png;base64,AA==", "detail": "auto"]
        let file: JSONValue = ["type": "input_file", "file_data": "data:text/plain;base64,QQ==", "filename": "a.txt"]
        let parts = Item.Message(role: .user, content: [.text(responses.text()), .other(image), .other(file)])
        return [.message(Item.Message(role: .developer, content: [.text("Be kind.")])), .message(parts), text]
    }

    private mutating func decision(about call: Interruption) -> ApprovalDecision? {
        switch Int.random(in: 0..<5, using: &generator) {
        case 0: call.approve(always: true)
        case 1: call.approve(arguments: #"{"edited":true}"#)
        case 2: call.reject()
        case 3: call.reject(message: responses.text(), always: generator.chance(2))
        default: nil
        }
    }

    private mutating func config() -> RunConfig<Void> {
        var config = RunConfig<Void>()
        if generator.chance(3) { config.settings = ModelSettings(temperature: 0.5, toolChoice: .auto, parallelToolCalls: true, topLogprobs: 2) }
        if generator.chance(4) { config.settings.extraArgs = ["seed": 7] }
        return config
    }

    /// Hands over to an agent that hands back.
    private static let agent = agent("First", handingTo: "Second")

    private static func agent(_ name: String, handingTo other: String) -> Agent<Void> {
        var deletes = AnyTool<Void>.stub("delete", effect: .writes) { arguments, _ in "deleted \(arguments)" }
        deletes.needsApproval = .always
        let draws = AnyTool<Void>(
            definition: ToolDefinition(name: "draw", description: "Draws.", parameters: ["type": "object", "properties": [:]], isStrict: false)
        ) { _, _ in .content([.text("Here"), .image(url: "data:image/png;base64,AA==", detail: "auto")]) }
        let tools: [AnyTool<Void>] = [
            .stub("read") { _, _ in "" }, .stub("fetch", effect: .external) { _, _ in throw ToolFailure("No 🌍 today.\u{0}\r\n") }, deletes, draws,
        ]
        return .stub(name, tools: tools, handoffs: [Handoff(toAgentNamed: other, description: nil) { agent(other, handingTo: name) }])
    }
}

extension SeededGenerator {
    /// True once in `n` times.
    mutating func chance(_ n: Int) -> Bool { Int.random(in: 0..<n, using: &self) == 0 }
}
