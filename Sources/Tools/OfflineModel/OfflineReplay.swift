import AgentRuntime

/// Takes the recorded calls of a turn off its plan, in order.
struct OfflineReplay {
    private var recorded: ArraySlice<OfflineConversation.Call>

    /// The planned calls that no record holds yet: the next step of the turn.
    struct Unanswered: Error {
        let calls: [OfflineCall]
    }

    init(_ recorded: [OfflineConversation.Call]) {
        self.recorded = recorded[...]
    }

    /// What the planned calls answered.
    mutating func outcomes(of planned: [OfflineCall]) throws(Unanswered) -> [OfflineOutcome] {
        guard recorded.count >= planned.count else { throw Unanswered(calls: Array(planned.dropFirst(recorded.count))) }
        defer { recorded = recorded.dropFirst(planned.count) }
        return zip(planned, recorded).map { planned, recorded in
            // A call that is not the planned one says nothing about it.
            OfflineOutcome(planned, output: planned.name == recorded.name ? recorded.output ?? "" : "")
        }
    }

    /// Whole lists, page by page, all of them at once.
    mutating func listings(_ lists: [OfflineCall]) throws(Unanswered) -> [OfflineListing] {
        var listings = lists.map { _ in OfflineListing() }
        var next = lists.enumerated().map { (place: $0.offset, call: $0.element) }
        for _ in 0..<OfflineLimits.pages where !next.isEmpty {
            let pages = try outcomes(of: next.map(\.call))
            for (page, place) in zip(pages, next.map(\.place)) { listings[place].append(page) }
            next = next.compactMap { place, call in listings[place].next(call).map { (place, $0) } }
        }
        return listings
    }
}

/// What the pages of one list held.
struct OfflineListing: Sendable {
    private(set) var todos: [ListedTodo] = []
    /// Whether there is more than the pages that were read.
    private(set) var isPartial = false
    /// What came instead of a list.
    private(set) var failure: OfflineOutcome?

    fileprivate mutating func append(_ page: OfflineOutcome) {
        guard let list = page.list else {
            failure = page
            isPartial = false
            return
        }
        todos += list
        isPartial = page.isPartial && !list.isEmpty
    }

    /// The call that goes on after the last todo.
    fileprivate func next(_ call: OfflineCall) -> OfflineCall? {
        guard isPartial, failure == nil, call.arguments["limit"] == nil, let last = todos.last else { return nil }
        return OfflineCall(name: call.name, arguments: call.arguments.merging(["after": .integer(last.id)]) { $1 })
    }
}
