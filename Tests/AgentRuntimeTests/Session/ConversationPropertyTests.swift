import AgentTesting
import Testing

@testable import AgentRuntime

/// What holds for every conversation, whatever stands in it.
@Suite struct ConversationPropertyTests {
    private func conversation(_ generator: inout SeededGenerator) -> [Item] {
        (0..<Int.random(in: 0...14, using: &generator)).map { place in
            let id = "\(Int.random(in: 0...3, using: &generator))"
            return switch Int.random(in: 0...7, using: &generator) {
            case 0: .user("u\(place)")
            case 1: .assistant("a\(place)")
            case 2: .other(["type": "reasoning", "id": .string("r\(place % 5)")])
            case 3, 4: .call("add", "\(place)", id: id)
            case 5, 6: .output("\(place)", of: id)
            default: .message(Item.Message(role: .system, content: [.text("s\(place)")]))
            }
        }
    }

    /// What a provider would refuse, in words.
    private func faults(of items: [Item]) -> [String] {
        var open: Set<String> = []
        var faults: [String] = []
        for (place, item) in items.enumerated() {
            switch item {
            case .functionCall(let call): if !open.insert(call.callID).inserted { faults.append("\(place): a call while one of its id is open") }
            case .functionCallOutput(let output): if open.remove(output.callID) == nil { faults.append("\(place): an output without a call") }
            case .other where !items[(place + 1)...].lazy.prefix(while: \.isOfModel).contains { !$0.isReasoning }:
                faults.append("\(place): reasoning that led to nothing")
            default: break
            }
        }
        return faults + open.map { "no output of \($0)" }
    }

    @Test func aRepairedConversationIsWholeAndIsNotRepairedAgain() {
        var generator = SeededGenerator(seed: 1)
        for _ in 0..<2_000 {
            let items = conversation(&generator)
            let repaired = ConversationRepair.repaired(items)
            let found = faults(of: repaired)
            #expect(found.isEmpty, "\(items.map(\.json.text))")
            #expect(ConversationRepair.repaired(repaired) == repaired)
            if faults(of: items).isEmpty, Set(items).count == items.count { #expect(repaired == items) }
        }
    }

    @Test func aCompactedConversationIsWholeAndEndsAsItDid() {
        var generator = SeededGenerator(seed: 2)
        var count = 0
        for _ in 0..<2_000 {
            let items = ConversationRepair.repaired(conversation(&generator))
            let budget = Int.random(in: 0...8, using: &generator)
            let compaction = Compaction(budget: budget, keptTokens: Int.random(in: 0...9, using: &generator), estimate: { _ in 1 })
            guard let plan = CompactionPlan(for: items, compaction) else { continue }
            count += 1
            let compacted = CompactionRecord(replaced: plan.replaced, summary: .assistant("Summary of the conversation so far:\n")).applied(to: items)
            let found = faults(of: compacted)
            #expect(items.count > budget && found.isEmpty, "\(items.map(\.json.text))")
            #expect(compacted.count == items.count - plan.replaced.count + 1)
            #expect(compacted.last == items.last)
            #expect(compacted.last { $0.isUsers } == items.last { $0.isUsers })
            let dropped = CompactionRecord(replaced: plan.replaced).applied(to: items)
            #expect(faults(of: dropped).isEmpty)
        }
        #expect(count > 500)
    }
}

extension Item {
    fileprivate var isUsers: Bool {
        if case .message(let message) = self { message.role == .user } else { false }
    }
}
