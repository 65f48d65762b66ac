import AgentRuntime

/// Finds the todos that references point at, in the list that the tool gave and in what the conversation spoke of.
struct TodoResolver: Sendable {
    /// What was listed for this message.
    let list: [ListedTodo]
    let memory: OfflineMemory

    /// A todo that is certain.
    struct Target: Sendable, Hashable {
        let id: Int
        /// Nil when it is not in the list.
        var todo: ListedTodo?
        /// How an earlier message left it.
        var remembered: ListedTodo?
    }

    enum Doubt: Sendable, Hashable {
        /// No title fits these words.
        case missing(String)
        /// Several fit: words, and what they fit.
        case ambiguous(String, [ListedTodo])
        /// `it`, and nothing or several things it could be.
        case unclear([ListedTodo])
        /// `everything due today`, and there is none.
        case none(TodoFilter)
    }

    struct Resolution: Sendable {
        var targets: [Target] = []
        var doubts: [Doubt] = []
    }

    /// Whether a reference can be followed only with the list at hand.
    static func needsList(_ reference: TodoReference, memory: OfflineMemory) -> Bool {
        switch reference {
        case .number: false
        case .ordinal, .last, .them: memory.mentioned.isEmpty
        case .it: memory.mentioned.count != 1
        case .unsaid, .words, .either, .every: true
        }
    }

    /// `prefers` says which of the todos the verb is about: for `complete` the open ones.
    func resolve(_ references: [TodoReference], prefers: (ListedTodo) -> Bool) -> Resolution {
        var resolution = Resolution()
        for reference in references { resolve(reference, prefers, into: &resolution) }
        var seen: Set<Int> = []
        resolution.targets.removeAll { !seen.insert($0.id).inserted }
        return resolution
    }

    private func resolve(_ reference: TodoReference, _ prefers: (ListedTodo) -> Bool, into resolution: inout Resolution) {
        switch reference {
        case .number(let id): resolution.targets.append(target(id))
        case .ordinal(let place): resolution.targets.append(ordinal(place))
        case .last: take(shown.suffix(1), orDoubtAbout: shown, into: &resolution)
        case .it: it(prefers, into: &resolution)
        case .them: take(memory.mentioned, orDoubtAbout: list.filter(prefers), into: &resolution)
        case .unsaid: resolution.doubts.append(.unclear(list.filter(prefers)))
        case .words(let wording): words(wording, prefers, into: &resolution)
        case .either(let whole, let parts):
            let whole = TitleMatcher(whole)
            if list.contains(where: whole.isLiteral) {
                words(whole.wording, prefers, into: &resolution)
            } else {
                for part in parts.prefix(OfflineLimits.references) { resolve(part, prefers, into: &resolution) }
            }
        case .every(let filter):
            let all = list.filter { filter.admits($0) && fits($0, filter.query) }
            let todos = all.filter(prefers)
            if todos.isEmpty { resolution.doubts.append(.none(filter)) } else { take(todos, into: &resolution) }
        }
    }

    private func words(_ wording: TodoReference.Wording, _ prefers: (ListedTodo) -> Bool, into resolution: inout Resolution) {
        let matcher = TitleMatcher(wording)
        let preferred = matcher.matches(among: list.filter(prefers))
        let matches = preferred.isEmpty ? matcher.matches(among: list) : preferred
        if matches.isEmpty {
            resolution.doubts.append(.missing(wording.written))
        } else if matches.count == 1 || wording.isPlural {
            take(matches, into: &resolution)
        } else {
            let known = matches.filter { match in memory.mentioned.contains { $0.id == match.id } }
            if known.count == 1 { take(known, into: &resolution) } else { resolution.doubts.append(.ambiguous(wording.written, matches)) }
        }
    }

    private func it(_ prefers: (ListedTodo) -> Bool, into resolution: inout Resolution) {
        let mentioned = memory.mentioned.count > 1 ? memory.mentioned.filter(prefers) : memory.mentioned
        if mentioned.count == 1 { return take(mentioned, into: &resolution) }
        let candidates = mentioned.isEmpty ? list.filter(prefers) : mentioned
        take(candidates.count == 1 ? candidates : [], orDoubtAbout: candidates, into: &resolution)
    }

    private func ordinal(_ place: Int) -> Target {
        let shown = shown
        if shown.contains(where: { $0.id == place }) || !shown.indices.contains(place - 1) { return target(place) }
        return target(shown[place - 1].id)
    }

    private var shown: [ListedTodo] {
        memory.mentioned.isEmpty ? list : memory.mentioned
    }

    private func target(_ id: Int) -> Target {
        Target(id: id, todo: list.first { $0.id == id }, remembered: memory.mentioned.first { $0.id == id })
    }

    private func take(_ todos: some Sequence<ListedTodo>, into resolution: inout Resolution) {
        resolution.targets += todos.map { target($0.id) }
    }

    private func take(_ todos: some Collection<ListedTodo>, orDoubtAbout others: [ListedTodo], into resolution: inout Resolution) {
        if todos.isEmpty { resolution.doubts.append(.unclear(others)) } else { take(todos, into: &resolution) }
    }

    private func fits(_ todo: ListedTodo, _ query: String?) -> Bool {
        guard let query else { return true }
        return !TitleMatcher(TodoReference.Wording(written: query, isPlural: true)).matches(among: [todo]).isEmpty
    }
}
