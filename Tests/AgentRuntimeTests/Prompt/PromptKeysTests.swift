import AgentRuntime
import AgentTesting
import Testing

/// One file that uses every key, and what each wrong value is answered with.
@Suite struct PromptKeysTests {
    static let everything = """
        ---
        name: Everything
        model: [local/small, big]
        prompt: {id: pmpt_1, version: "2", variables: {who: "{{user.name}}", logo: {type: input_image, file_id: f}}}
        tools: [notes, sky]
        hosted_tools: [web_search, {type: file_search, vector_store_ids: [vs_1], max_num_results: 3}]
        mcp_servers:
          sky:
            command: sky-server
            args: [--verbose]
            env: {PLACE: "${HOME_TOWN}"}
            cwd: /tmp
            require_approval: {always: {tool_names: [launch]}}
            tool_filter: {allowed_tool_names: [forecast, launch], blocked_tool_names: [launch]}
            include_server_in_tool_names: true
            trust_read_only_hint: true
            use_structured_content: true
            connect_timeout_seconds: 3
            client_session_timeout_seconds: 4.5
            max_retry_attempts: -1
            retry_backoff_seconds_base: 0.5
            max_list_pages: 7
        handoffs: [helper, {agent: expert, tool_name_override: ask_expert, tool_description_override: Ask., input_filter: remove_all_tools}]
        handoff_description: Does it all.
        nest_handoff_history: true
        agents: [{agent: clerk, tool_name: file_it, tool_description: Files., max_turns: 2}]
        guardrails: {input: [length, injection], output: [length], hold_back: sentence}
        settings:
          temperature: 0
          top_p: 0.9
          tool_choice: {server_label: sea, name: tide}
          parallel_tool_calls: true
          max_tokens: 50
          frequency_penalty: 0.1
          presence_penalty: 0.2
          reasoning: {effort: high, summary: concise}
          verbosity: low
          truncation: disabled
          store: true
          metadata: {team: a}
          top_logprobs: 2
          response_include: [reasoning.encrypted_content]
          include_usage: true
          prompt_cache_key: k
          prompt_cache_retention: in_memory
          prompt_cache_options: {mode: explicit}
          context_management: [{type: compaction, compact_threshold: 1000}]
          timeout: 10
          retry: {max_retries: 1, backoff: {initial_delay: 1, max_delay: 2, multiplier: 2, jitter: true}, policy: [never], approves_unsafe_replay: false}
          extra_headers: {X-A: b}
          extra_query: {q: r}
          extra_body: {seed: 1}
          extra_args: {user: u}
        output_schema: {type: object, properties: {n: {type: integer}}}
        tool_use_behavior: {stop_at_tool_names: [add_note]}
        reset_tool_choice: false
        needs_approval: [delete_note]
        max_turns: 4
        budget: {tokens: 1000, cost: 0.5}
        compaction: {budget: 2000, kept_tokens: 500, summary: true, model: [local/small, big], instructions: Sum up., on_failure: fail}
        error_handlers: {max_turns: {n: 0}, model_refusal: {n: 1}, invalid_final_output: {n: 2}}
        tool_errors: {approval_rejected: No., tool_not_found: None., tool_exception: Oh.}
        tool_not_found_behavior: raise_error
        tool_name_collision_policy: warn
        output_guardrail_blocked_message: Withheld.
        reasoning_item_id_policy: omit
        starters: [Hello]
        ---
        Help {{user.name}}.
        """

    private struct Notes: ToolModule {
        static let id = "notes"
        static let version = "3"
        let tools: [AnyTool<Void>] = [.stub("add_note"), .stub("delete_note")]
    }

    private func library(_ text: String, servers: [ToolSource<Void>] = []) throws -> PromptLibrary<Void> {
        let parts = try PromptParts<Void>(
            modules: [Notes()], servers: servers, placeholders: ["user.name"], values: { _ in ["user.name": "Ada"] },
            model: { name in
                guard name != "lost/model" else { throw RunError.user("The model 'lost/model' has the unknown prefix 'lost'.") }
                return ScriptedModel([.text("{\"n\":1}")], name: name ?? "default")
            })
        let others = try ["helper", "expert", "clerk"].map { id in
            try PromptFile(id: id, path: "\(id).md", text: "---\nname: \(id)\n---\nHelp.")
        }
        return try PromptLibrary(files: [PromptFile(id: "all", path: "all.md", text: text)] + others, parts: parts)
    }

    @Test func everyKeyIsTaken() throws {
        let library = try library(PromptKeysTests.everything, servers: [ToolSource(name: "sky", tools: [.stub("mcp_sky__forecast")])])
        let agent = try #require(library.agent("all"))
        #expect(agent.model?.name == "local/small")
        #expect(agent.hostedTools == [["type": "web_search"], ["type": "file_search", "vector_store_ids": ["vs_1"], "max_num_results": 3]])
        #expect(agent.tools.map(\.definition.name) == ["add_note", "delete_note", "mcp_sky__forecast", "file_it"])
        #expect(agent.tools.last?.definition.description == "Files.")
        #expect(agent.handoffs.map(\.toolName) == ["transfer_to_helper", "ask_expert"])
        #expect(agent.handoffs.map { $0.inputFilter != nil } == [false, true])
        #expect(agent.handoffs.last?.toolDescription == "Ask.")
        #expect(agent.settings.toolChoice == .mcp(server: "sea", name: "tide"))
        #expect(agent.settings.promptCacheOptions == ["mode": "explicit"])
        #expect(agent.settings.contextManagement == [["type": "compaction", "compact_threshold": 1_000]])
        #expect(agent.maxTurns == 4)

        let config = library.config("all")
        #expect(config.nestsHandoffHistory && config.failsOnUnknownTool)
        #expect(config.toolNameCollisionPolicy == .warn)
        #expect(config.reasoningItemIDs == .omit)
        let verdict = GuardrailVerdict(guardrail: "length", isInput: false, isTripped: true)
        #expect(config.blockedOutputText?(verdict) == "Withheld.")
        #expect(config.compaction?.budget == 2_000)
        #expect(config.compaction?.keptTokens == 500)
        #expect(config.compaction?.onFailure == .fail)
        #expect(config.compaction?.summarizer?.instructions == "Sum up.")
    }

    @Test func noKeyIsLeftOutOfTheFileThatHasThemAll() {
        let known = mistake(in: "---\n_: 1\n---\n").split(separator: "Known: ").last?.dropLast().split(separator: ", ") ?? []
        #expect(known.count > 20)
        for key in known { #expect(PromptKeysTests.everything.contains("\n\(key):"), "\(key)") }
        for section in ["settings", "mcp_servers:\n  a", "compaction", "prompt", "error_handlers", "tool_errors", "guardrails"] {
            let keys = mistake(in: "---\n\(section): {_: 1}\n---\n").split(separator: "Known: ").last?.dropLast().split(separator: ", ") ?? []
            #expect(!keys.isEmpty)
            for key in keys where !["url", "headers"].contains(key) {
                #expect(PromptKeysTests.everything.contains("\(key):"), "\(key) of \(section)")
            }
        }
    }

    private func mistake(in text: String) -> String {
        do {
            _ = try library(text)
            return ""
        } catch {
            return String(describing: error)
        }
    }

    @Test func aServerIsReachedAndUsedAsTheFileSays() throws {
        let file = try PromptFile(id: "all", path: "all.md", text: PromptKeysTests.everything)
        let declared = try #require(file.servers.first)
        let server = try #require(try declared.server(over: CurlTransport(), environment: ["HOME_TOWN": "Rome"]))
        let transport = try #require(server.transport as? MCPStdioTransport)
        #expect(transport.command == "sky-server" && transport.arguments == ["--verbose"] && transport.workingDirectory == "/tmp")
        #expect(transport.environment["PLACE"] == "Rome")
        #expect(server.name == "sky" && server.prefixesNames && server.trustsReadOnlyHint && server.usesStructuredContent)
        #expect(server.approval == .tools(["launch": true]))
        #expect(server.filter == MCPToolFilter(allowed: ["forecast", "launch"], blocked: ["launch"]))
        #expect(server.connectTimeout == .seconds(3) && server.listTimeout == .seconds(4.5) && server.callTimeout == .seconds(4.5))
        #expect(server.retries == .max && server.retryBackoff == .seconds(0.5) && server.pageLimit == 7)
        #expect { try declared.server(over: CurlTransport(), environment: [:]) } throws: {
            "\($0)" == "all.md:8: the server 'sky' needs the environment variable 'HOME_TOWN', which is not set."
        }
    }

    @Test func aServerOfTheCommandLineIsReadByTheSameKeys() throws {
        let server = try PromptServer(yaml: #"{"name": "sky", "url": "https://sky.example/mcp", "require_approval": "always"}"#, from: "--mcp")
        #expect(try server.server(over: CurlTransport())?.approval == .always)
        #expect { try PromptServer(yaml: "{comand: x}", from: "--mcp") } throws: {
            "\($0)".hasPrefix("--mcp: unknown key 'comand' in the server. Did you mean 'command'?")
        }
        #expect { try PromptServer(yaml: "{require_approval: always}", from: "--mcp") } throws: {
            "\($0)" == "--mcp: the server needs a 'command' or a 'url'."
        }
    }

    @Test func aServerThatIsNotConnectedHasNoToolsAndIsNoMistake() throws {
        let library = try library("---\ntools: [sky]\nmcp_servers: {sky: {command: a}}\nneeds_approval: [launch]\n---\nHelp.")
        #expect(library.agent("all")?.tools.isEmpty == true)
        #expect(library.files.servers(reachedFrom: "all").map(\.name) == ["sky"])
        #expect(library.files.servers(reachedFrom: "helper").isEmpty)
    }

    @Test func modelsThatFailAreFollowedByTheNext() async throws {
        let busy = ModelError.http(status: 503, message: "", retryAfter: nil, shouldRetry: nil)
        let parts = try PromptParts<Void>(modules: []) { name in
            name == "a" ? ScriptedModel([.error(busy)], name: "a") : ScriptedModel([.text("from \(name ?? "")")], name: name ?? "")
        }
        let file = try PromptFile(id: "x", path: "x.md", text: "---\nmodel: [a, b]\n---\nHelp.")
        let agent = try #require(try PromptLibrary(files: [file], parts: parts).agent("x"))
        let result = try await Runner(model: ScriptedModel([])).run(agent, input: "Hi", context: ())
        #expect(result.output == "from b")
    }

    @Test func thePromptOfTheProviderAndItsToolsReachTheModel() async throws {
        let recorded = ScriptedModel([.text("Hi")])
        let parts = try PromptParts<Void>(modules: [], placeholders: ["user.name"], values: { _ in ["user.name": "Ada & Bo"] }) { _ in recorded }
        let text = "---\nmodel: m\nprompt: {id: p, variables: {who: \"{{user.name}}\"}}\nhosted_tools: [web_search]\n---\n"
        let agent = try #require(try PromptLibrary(files: [PromptFile(id: "x", path: "x.md", text: text)], parts: parts).agent("x"))
        _ = try await Runner(model: ScriptedModel([])).run(agent, input: "Hi", context: ())
        #expect(recorded.requests.last?.prompt == HostedPrompt(id: "p", variables: ["who": "Ada & Bo"]))
        #expect(recorded.requests.last?.hostedTools == [["type": "web_search"]])
    }

    @Test(arguments: [
        ("temprature: 1", "unknown key 'temprature' in the front matter."),
        ("setings: {}", "unknown key 'setings' in the front matter. Did you mean 'settings'?"),
        ("settings: {temprature: 1}", "unknown key 'temprature' in settings. Did you mean 'temperature'?"),
        ("model: lost/model", "The model 'lost/model' has the unknown prefix 'lost'."),
        ("model: {a: b}", "'model' must be a list of names."),
        ("prompt: {version: \"1\"}", "'prompt' needs an 'id'."),
        ("prompt: {id: a, variables: {x: \"{{nobody}}\"}}", "unknown placeholder 'nobody'."),
        ("hosted_tools: web_search", "'hosted_tools' must be a list of types such as web_search, or of mappings with a 'type'."),
        ("hosted_tools: [{kind: web_search}]", "'hosted_tools' must be a list of types such as web_search, or of mappings with a 'type'."),
        ("mcp_servers: [sky]", "'mcp_servers' must be a mapping of names to servers."),
        ("mcp_servers: {sky: {command: a}}", "no agent lists the server 'sky' under 'tools'."),
        ("mcp_servers: {sky: {comand: a}}", "unknown key 'comand' in the server 'sky'. Did you mean 'command'?"),
        ("mcp_servers: {sky: {command: a, url: \"http://x\"}}", "'url' must be left out where there is a 'command'."),
        ("mcp_servers: {sky: {url: ftp}}", "'url' must be an address that begins with http:// or https://."),
        ("mcp_servers: {sky: {args: [a]}}", "'args' must be beside a 'command'."),
        ("mcp_servers: {sky: {command: a, require_approval: perhaps}}", "'require_approval' cannot be used: An approval policy is always"),
        ("mcp_servers: {sky: {command: a, max_retry_attempts: -2}}", "'max_retry_attempts' must be a whole number from 0 up, or -1"),
        ("mcp_servers: {sky: {command: a, connect_timeout_seconds: 0}}", "'connect_timeout_seconds' must be a number of seconds above 0."),
        ("handoffs: [{tool_name_override: a}]", "'handoffs' needs an 'agent' here: the name of a prompt file."),
        ("handoffs: [{agent: helper, input_filter: none}]", "'input_filter' must be remove_all_tools."),
        ("handoffs: [{agent: helper, tool_name_override: a b}]", "'tool_name_override' must be a function's name"),
        ("handoffs: [helpr]", "unknown prompt file 'helpr'. Did you mean 'helper'?"),
        ("compaction: {kept_tokens: 1}", "'compaction' needs a 'budget'"),
        ("compaction: {budget: 1, kept_tokens: 2}", "'kept_tokens' must be no more than 'budget'."),
        ("compaction: {budget: 9, model: lost/model}", "The model 'lost/model' has the unknown prefix"),
        ("reasoning_item_id_policy: drop", "'reasoning_item_id_policy' must be preserve or omit."),
        ("nest_handoff_history: often", "'nest_handoff_history' must be true or false."),
        ("settings: {tool_choice: {name: a}}", "'tool_choice' must be a word, or a mapping with a 'server_label'."),
        ("name: a\nname: b", "the front matter is not valid YAML: 'name' is there twice."),
    ])
    func aWrongKeyOrValueIsRefusedWithItsLine(line: String, sentence: String) {
        let mistake = mistake(in: "---\nstarters: []\n\(line)\n---\nHelp.")
        #expect(mistake.hasPrefix("all.md:"))
        #expect(mistake.contains(": \(sentence)"), "\(mistake)")
        #expect(mistake.hasPrefix("all.md:3: ") || line.contains("\n"), "\(mistake)")
    }
}
