/// The text of the response under way, of which the reader gets what every guardrail that holds it back has passed.
struct HeldText<Context: Sendable>: Sendable {
    /// A look at the text from its beginning that is due now.
    struct Check: Sendable {
        let guardrail: OutputGuardrail<Context>
        let text: String
    }

    private var watches: [Watch]
    private var text = ""
    private var released = 0

    private struct Watch: Sendable {
        let guardrail: OutputGuardrail<Context>
        var checkpoints: Checkpoints
        /// In UTF-8.
        var passed = 0
    }

    init(behind guardrails: [OutputGuardrail<Context>]) {
        watches = guardrails.compactMap { guardrail in
            guardrail.holdBack.map { Watch(guardrail: guardrail, checkpoints: Checkpoints($0)) }
        }
    }

    /// Takes what the model said; the checks must pass before `release` gives the text that they cover.
    mutating func receive(_ piece: String) -> [Check] {
        text += piece
        guard !watches.isEmpty else { return [] }
        return watches.indices.compactMap { place in
            guard let checkpoint = watches[place].checkpoints.receive(piece) else { return nil }
            watches[place].passed = checkpoint
            return Check(guardrail: watches[place].guardrail, text: text(upTo: checkpoint))
        }
    }

    /// Takes the end of the response; `whole` is its text, which was not streamed when the provider sent it in one piece.
    mutating func end(with whole: String) -> [Check] {
        let wasStreamed = whole.utf8.elementsEqual(text.utf8)
        let length = text.utf8.count
        defer { for place in watches.indices { watches[place].passed = length } }
        return watches.flatMap { watch in
            let rest = watch.passed < length ? [Check(guardrail: watch.guardrail, text: text)] : []
            return wasStreamed || whole.isEmpty ? rest : rest + [Check(guardrail: watch.guardrail, text: whole)]
        }
    }

    /// The text that nothing holds back any more, once.
    mutating func release() -> String? {
        let end = watches.map(\.passed).min() ?? text.utf8.count
        guard end > released else { return nil }
        defer { released = end }
        return String(text[index(released)..<index(end)])
    }

    /// Said by the model and not shown yet, in UTF-8.
    var heldBytes: Int { text.utf8.count - released }

    private func text(upTo offset: Int) -> String {
        String(text[..<index(offset)])
    }

    private func index(_ offset: Int) -> String.Index {
        text.utf8.index(text.startIndex, offsetBy: offset)
    }
}
