import Synchronization

/// The whole texts that guardrails have passed while they held them back, which need not be looked at again when they become the output.
final class PassedOutputs: Sendable {
    private let texts = Mutex<[String: String]>([:])

    func note(_ text: String, of guardrail: String) {
        texts.withLock { $0[guardrail] = text }
    }

    func holds(_ text: String, of guardrail: String) -> Bool {
        texts.withLock { $0[guardrail]?.utf8.elementsEqual(text.utf8) ?? false }
    }
}
