import Synchronization

/// The whole texts that guardrails have passed while they held them back, which need not be looked at again when they become the output.
final class PassedOutputs: Sendable {
    private let texts = Mutex<[String: (text: String, found: GuardrailOutput)]>([:])

    func note(_ text: String, _ found: GuardrailOutput, by guardrail: String) {
        texts.withLock { $0[guardrail] = (text, found) }
    }

    /// What the guardrail found in this text; nil when it has not passed it.
    func found(in text: String, by guardrail: String) -> GuardrailOutput? {
        texts.withLock { texts in
            guard let passed = texts[guardrail], passed.text.utf8.elementsEqual(text.utf8) else { return nil }
            return passed.found
        }
    }
}
