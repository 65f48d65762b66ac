/// How much of a streamed answer waits until an output guardrail has passed it, so that what it blocks never reaches the reader.
///
/// At each checkpoint the guardrail sees the answer from its beginning. What has passed is shown and cannot be taken back: a guardrail
/// that looks for whole phrases wants whole sentences. Reasoning is not held back.
public enum HoldBack: Sendable, Hashable {
    /// Text goes out sentence by sentence; the end of a line ends one too.
    case sentence
    /// Text goes out in pieces of so many code points, at least 1.
    case characters(Int)
    /// Nothing goes out before the answer is whole.
    case untilDone
}

/// The places up to which a growing text can be checked.
struct Checkpoints: Sendable {
    private let holdBack: HoldBack
    /// In UTF-8, of what came so far.
    private var length = 0
    /// Since the last checkpoint.
    private var codePoints = 0
    private var isAfterFullStop = false

    init(_ holdBack: HoldBack) {
        self.holdBack = holdBack
    }

    /// Takes what the text grew by; gives the last new checkpoint as an offset in UTF-8.
    mutating func receive(_ piece: String) -> Int? {
        var checkpoint: Int?
        for scalar in piece.unicodeScalars {
            let end = length + UTF8.width(scalar)
            switch holdBack {
            case .sentence: checkpoint = sentenceEnd(at: scalar, endingAt: end) ?? checkpoint
            case .characters(let limit):
                codePoints += 1
                guard codePoints >= limit else { break }
                codePoints = 0
                checkpoint = end
            case .untilDone: break
            }
            length = end
        }
        return checkpoint
    }

    /// A full stop ends a sentence when a space follows, so that numbers and addresses stay whole; in scripts without spaces, at once.
    private mutating func sentenceEnd(at scalar: Unicode.Scalar, endingAt end: Int) -> Int? {
        let wasAfterFullStop = isAfterFullStop
        switch scalar {
        case ".", "!", "?", "…": isAfterFullStop = true
        case "\"", "'", ")", "]", "”", "’", "»": break
        default: isAfterFullStop = false
        }
        switch scalar {
        case "\n", "。", "！", "？": return end
        default: return wasAfterFullStop && scalar.properties.isWhitespace ? length : nil
        }
    }
}
