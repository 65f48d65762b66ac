import AgentRuntime
import AgentTesting
import Testing

@Suite struct PromptFileTests {
    private struct Notes: ToolModule {
        static let id = "notes"
        static let version = "3"
        let tools: [AnyTool<Void>] = [.stub("add_note"), .stub("delete_note")]
    }

    private func library(_ lines: String...) throws -> PromptLibrary<Void> {
        let text = (["---"] + lines + ["---", "Help."]).joined(separator: "\n")
        let parts = try PromptParts<Void>(modules: [Notes()]) { _ in ScriptedModel() }
        return try PromptLibrary(files: [PromptFile(id: "a", path: "a.md", text: text)], parts: parts)
    }

    @Test func anOutputSchemaIsMadeStrict() throws {
        let type = try library(
            "output_schema:", "  properties:", "    kind: {enum: [a, \"1\"]}", "    count: {type: integer, minimum: 1}",
            "    rate: {type: number, maximum: 0.5}"
        ).agent("a")?.outputType
        let properties: JSONValue = [
            "kind": ["enum": ["a", "1"]], "count": ["type": "integer", "minimum": 1], "rate": ["type": "number", "maximum": 0.5],
        ]
        #expect(
            type?.format.schema == [
                "type": "object", "properties": properties, "required": ["count", "kind", "rate"], "additionalProperties": false,
            ])
    }

    @Test func anOutputSchemaThatCannotBeStrictIsRefusedWithItsLine() {
        #expect {
            try library("name: A", "output_schema:", "  type: object", "  additionalProperties: true")
        } throws: {
            String(describing: $0)
                == "a.md:4: 'output_schema' cannot be used: #: an object of a strict schema must not allow further properties."
        }
        #expect { try library("output_schema: [1]") } throws: { String(describing: $0).contains("a schema is an object") }
    }

    @Test func settingsAreReadByTheirNamesInTheSDK() throws {
        let settings = try library(
            "settings:", "  temperature: 0", "  tool_choice: required", "  parallel_tool_calls: false", "  max_tokens: 5",
            "  frequency_penalty: -1", "  presence_penalty: 0.5", "  reasoning: {effort: low, summary: auto}", "  verbosity: high",
            "  truncation: auto", "  store: false", "  metadata: {team: a, year: 2026}", "  top_logprobs: 0",
            "  response_include: [reasoning.encrypted_content]", "  include_usage: false", "  prompt_cache_key: k",
            "  prompt_cache_retention: 24h", "  timeout: 2.5", "  extra_headers: {X-A: 1}", "  extra_query: {a: b}",
            "  extra_body: {seed: 7}", "  extra_args: {n: [1, null]}", "  top_p: 1", "  retry:", "    max_retries: 0",
            "    backoff: {initial_delay: 0.5, max_delay: 2, multiplier: 3, jitter: false}", "    policy: [network_error, 429, retry_after]",
            "    approves_unsafe_replay: true"
        ).agent("a")?.settings
        let retry = RetrySettings(
            maxRetries: 0, backoff: .init(initialDelay: .milliseconds(500), maxDelay: .seconds(2), multiplier: 3, jitter: false),
            policy: .any([.networkError, .httpStatus([429]), .retryAfter]), approvesUnsafeReplay: true)
        #expect(
            settings
                == ModelSettings(
                    temperature: 0, topP: 1, toolChoice: .required, parallelToolCalls: false, maxTokens: 5, frequencyPenalty: -1,
                    presencePenalty: 0.5, reasoningEffort: "low", reasoningSummary: "auto", verbosity: "high", truncation: "auto", store: false,
                    metadata: ["team": "a", "year": "2026"], topLogprobs: 0, responseInclude: ["reasoning.encrypted_content"],
                    includeUsage: false, promptCacheKey: "k", promptCacheRetention: "24h", timeout: .milliseconds(2_500), retry: retry,
                    extraHeaders: ["X-A": "1"], extraQuery: ["a": "b"], extraBody: ["seed": 7], extraArgs: ["n": [1, nil]]))
        #expect(try library("name: A").agent("a")?.settings == ModelSettings())
    }

    @Test(arguments: [
        (["name: A", "naem: B"], "a.md:3: unknown key 'naem' in the front matter."),
        (["name: A", "settings: {temprature: 1}"], "a.md:3: unknown key 'temprature' in settings."),
        (["name: A", "settings:", "  retry: {tries: 1}"], "a.md:4: unknown key 'tries' in retry."),
        (["name: A", "guardrails: {inputs: []}"], "a.md:3: unknown key 'inputs' in guardrails."),
        (["name: A", "budget: {token: 1}"], "a.md:3: unknown key 'token' in budget."),
    ])
    func l32_aKeyThatNobodyKnowsIsRefusedWithItsPlace(lines: [String], mistake: String) throws {
        #expect { try library(["a": lines]) } throws: {
            String(describing: $0).hasPrefix(mistake) && String(describing: $0).contains(" Known: ")
        }
        #expect(throws: Never.self) { try library(["a": ["name: A"]]) }
    }

    @Test(arguments: [
        ("timeout: -1", "'timeout' must be a number of seconds."), ("timeout: .nan", "'timeout' must be a number of seconds."),
        ("top_logprobs: -1", "'top_logprobs' must be a whole number from 0 up."),
        ("metadata: {a: [1]}", "'metadata' must be a mapping of keys to texts."),
        ("extra_body: 7", "'extra_body' must be a mapping of keys to values."),
        ("reasoning: low", "reasoning must be a mapping of keys to values."),
        (
            "retry: {policy: [always]}",
            "'policy' must be a list of never, provider_suggested, network_error, retry_after, and statuses from 400 to 599."
        ),
    ])
    func aSettingThatIsWrongIsRefusedWithItsLine(line: String, mistake: String) {
        #expect { try library("name: A", "settings:", "  \(line)") } throws: { String(describing: $0) == "a.md:4: \(mistake)" }
    }

    @Test func theNamedToolsWaitForAPerson() throws {
        let tools = try library("tools: [notes]", "needs_approval: [delete_note]").agent("a")?.tools ?? []
        let waits = tools.map { if case .always = $0.needsApproval { true } else { false } }
        #expect(waits == [false, true])
        #expect(tools.map(\.version) == ["3", "3"])
        #expect { try library("tools: [add_note]", "needs_approval: [delete_note]") } throws: {
            String(describing: $0) == "a.md:3: unknown tool of the agent in 'needs_approval' 'delete_note'. Known: add_note."
        }
    }

    private func library(_ files: [String: [String]], answering steps: [ScriptedModel.Step] = []) throws -> PromptLibrary<Void> {
        let parts = try PromptParts<Void>(modules: [Notes()]) { _ in ScriptedModel(steps) }
        let read = try files.sorted { $0.key < $1.key }.map { id, lines in
            try PromptFile(id: id, path: "\(id).md", text: (["---"] + lines + ["---", "Help."]).joined(separator: "\n"))
        }
        return try PromptLibrary(files: read, parts: parts)
    }

    @Test func agentsOfOtherFilesAreCalledLikeTools() async throws {
        let files = ["a": ["name: A", "agents: [helper]"], "helper": ["name: The Helper", "model: m", "handoff_description: Knows it all."]]
        let agent = try #require(try library(files, answering: [.text("42")]).agent("a"))
        #expect(agent.tools.map(\.definition.name) == ["the_helper"])
        #expect(agent.tools.map(\.definition.description) == ["Knows it all."])
        let (runner, model) = Runner.scripted(.call("the_helper", #"{"input":"?"}"#), .text("It is 42."))
        #expect(try await runner.run(agent, input: "Hi", context: ()).output == "It is 42.")
        #expect(model.requests.last?.input.last == .output("42", of: "call_1"))
    }

    @Test func agentsThatWouldCallEachOtherForEverAreRefused() {
        #expect { try library(["a": ["agents: [b]"], "b": ["name: B", "agents: [a]"]]) } throws: {
            String(describing: $0) == "a.md:2: the agent would call itself through 'agents'; use 'handoffs' for circles."
        }
        #expect { try library(["a": ["agents: [b]", "tools: [add_note]"], "b": ["name: add note"]]) } throws: {
            String(describing: $0) == "a.md:2: the tool 'add_note' comes from 'add_note' and from 'b'; list one."
        }
        #expect { try library(["a": ["agents: [b]"]]) } throws: { String(describing: $0).contains("unknown prompt file 'b'") }
    }

    @Test(arguments: [("sentence", HoldBack.sentence), ("done", .untilDone), ("80", .characters(80))])
    func answersWaitForTheOutputGuardrails(value: String, holdBack: HoldBack) throws {
        let agent = try library("guardrails: {output: [length], hold_back: \(value)}").agent("a")
        #expect(agent?.outputGuardrails.map(\.holdBack) == [holdBack])
    }

    @Test func aBudgetIsInTokensAndInMoney() throws {
        let agent = try library("budget: {tokens: 5000, cost: 0.05}", "reset_tool_choice: false").agent("a")
        #expect(agent?.budget == Budget(tokens: 5_000, cost: 50_000_000))
        #expect(agent?.resetsToolChoice == false)
        #expect { try library("guardrails: {hold_back: 0}") } throws: {
            String(describing: $0) == "a.md:2: 'hold_back' must be sentence, done, or a number of characters."
        }
    }

    @Test func outputsAndTextsStandInForErrors() async throws {
        let prompts = try library(
            "tools: [notes]", "max_turns: 1", "output_schema: {type: object, properties: {n: {type: integer}}}", "error_handlers:",
            "  max_turns: {n: 0}", "tool_errors: {tool_not_found: There is no such tool.}")
        let run = try await inBothModes { mode in
            try await mode.run(try #require(prompts.agent("a")), model: [.call("guess")], config: prompts.config("a"))
        }
        #expect(run.result?.value == ["n": 0])
        #expect(run.newItems.contains(.output("There is no such tool.", of: "call_1")))
        #expect { try library("output_schema: {type: object, properties: {n: {type: integer}}}", "error_handlers: {max_turns: {n: x}}") } throws: {
            String(describing: $0).hasPrefix("a.md:3: 'max_turns' must be a value of the output type")
        }
    }
}
