import Testing

@testable import Tools

@Suite struct PhrasebookTests {
    private static let patterns = Phrasebook.rules.flatMap(\.patterns)

    /// A misspelt slot would be a literal word in braces.
    @Test func everySlotIsKnown() {
        for pattern in Self.patterns {
            for case .words(let choices, _) in pattern.elements {
                #expect(!choices.joined().contains { $0.contains { "{}[]".contains($0) } })
            }
        }
    }

    /// Each slot that something follows multiplies the places to try.
    @Test func noPatternSearchesForMoreThanTwoEnds() {
        for pattern in Self.patterns {
            let slots = pattern.elements.dropLast().count { if case .slot = $0 { true } else { false } }
            #expect(slots <= 2, "\(pattern.elements)")
        }
    }

    /// What is looked up is written in lower case, the way tokens are folded.
    @Test func everyWordIsFolded() {
        for pattern in Self.patterns {
            for case .words(let choices, _) in pattern.elements {
                for word in choices.joined() { #expect(word == Tokenizer.fold(word)) }
            }
        }
    }
}
