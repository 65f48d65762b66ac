/// What the conversation spoke of before the last message: the todos behind `it`, `them` and `the second one`.
struct OfflineMemory: Sendable {
    /// The todos mentioned most recently, in the order of mention.
    let mentioned: [ListedTodo]

    /// What the last turn that changed anything did, in order: what `undo` takes back.
    let lastChanges: [OfflineOutcome]

    /// How many turns back `it` can reach.
    private static let reach = 6

    init(_ turns: some BidirectionalCollection<OfflineConversation.Turn>) {
        let recent = turns.suffix(OfflineMemory.reach).reversed()
        mentioned = recent.lazy.map(OfflineMemory.mentioned).first { !$0.isEmpty } ?? []
        lastChanges =
            recent.lazy.map { OfflineMemory.outcomes(of: $0).filter { $0.call.name != "list_todos" && $0.todo != nil } }.first { !$0.isEmpty } ?? []
    }

    private static func outcomes(of turn: OfflineConversation.Turn) -> [OfflineOutcome] {
        turn.calls.map { OfflineOutcome(OfflineCall(name: $0.name), output: $0.output ?? "") }
    }

    /// What was changed; if nothing was, what the answer showed of the lists.
    private static func mentioned(in turn: OfflineConversation.Turn) -> [ListedTodo] {
        let outcomes = outcomes(of: turn)
        let changed = outcomes.filter { $0.call.name != "list_todos" && $0.call.name != "delete_todo" }.compactMap(\.todo)
        if !changed.isEmpty { return distinct(changed) }
        let deleted = Set(outcomes.filter { $0.call.name == "delete_todo" }.compactMap(\.todo?.id))
        let listed = distinct(outcomes.flatMap { $0.list ?? [] }).filter { !deleted.contains($0.id) }
        let shown = shownNumbers(turn.answer)
        return shown.isEmpty ? listed : listed.filter { shown.contains($0.id) }
    }

    /// The last state of each.
    private static func distinct(_ todos: [ListedTodo]) -> [ListedTodo] {
        var order: [Int] = []
        var latest: [Int: ListedTodo] = [:]
        for todo in todos {
            if latest.updateValue(todo, forKey: todo.id) == nil { order.append(todo.id) }
        }
        return order.compactMap { latest[$0] }
    }

    /// The `#3` of an answer.
    private static func shownNumbers(_ answer: String) -> Set<Int> {
        Set(answer.split(separator: "#").dropFirst().compactMap { Int($0.prefix { ("0"..."9").contains($0) }) })
    }
}
