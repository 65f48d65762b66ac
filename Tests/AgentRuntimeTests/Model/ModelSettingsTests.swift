import AgentRuntime
import Testing

@Suite struct ModelSettingsTests {
    @Test func whatIsSetWinsZeroAndFalseToo() {
        let base = ModelSettings(
            temperature: 1, topP: 1, toolChoice: .auto, parallelToolCalls: true, maxTokens: 10, frequencyPenalty: 1, presencePenalty: 1,
            reasoningEffort: "high", verbosity: "high", truncation: "auto", store: true, metadata: ["a": "b"])
        let override = ModelSettings(
            temperature: 0, topP: 0, toolChoice: ToolChoice.none, parallelToolCalls: false, maxTokens: 0, frequencyPenalty: 0, presencePenalty: 0,
            reasoningEffort: "", verbosity: "", truncation: "", store: false, metadata: [:])
        #expect(base.overlaid(by: override) == override)
        #expect(base.overlaid(by: ModelSettings()) == base)
        #expect(ModelSettings().overlaid(by: base) == base)
    }
}
