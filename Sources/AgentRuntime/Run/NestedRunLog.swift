/// The log of a run within a call: the part of the outer run's log that is about it.
struct NestedRunLog<Context: Sendable>: RunLog {
    let run: String
    let parent: ParentCall
    let outer: RunJournal<Context>

    func stored() async throws -> [RunRecord] {
        outer.state.nested.events(within: parent.index).enumerated().map { RunRecord(id: Int64($0 + 1), event: $1) }
    }

    func append(_ event: RunEvent) -> PendingAppend {
        outer.append(event, within: parent)
    }
}
