import AgentRuntime
import Testing

@testable import Gateway

@Suite struct LiveRunTests {
    private let run = LiveRun(id: "r", conversation: "c", owner: "o", attempt: 0, records: [RunRecord(id: 1, event: .delta("a"))])

    @Test func aReaderGetsWhatItHasNotSeen() async {
        run.publish(RunRecord(id: 2, event: .delta("b")))
        run.publish(RunRecord(id: 1_048_577, event: .delta("c")))
        guard case .records(let records) = await run.news(after: 1) else { return #expect(Bool(false)) }
        #expect(records.map(\.id) == [2, 1_048_577])
    }

    @Test func aWaitingReaderIsWokenByTheNextRecordAndByTheEnd() async {
        async let news = run.news(after: 1)
        run.publish(RunRecord(id: 2, event: .stopped))
        guard case .records(let records) = await news else { return #expect(Bool(false)) }
        #expect(records.map(\.id) == [2])
        async let end = run.news(after: 2)
        run.end()
        guard case .over = await end else { return #expect(Bool(false)) }
    }

    @Test func whatIsLeftComesBeforeTheEnd() async {
        run.publish(RunRecord(id: 2, event: .stopped))
        run.end()
        guard case .records = await run.news(after: 1) else { return #expect(Bool(false)) }
        guard case .over = await run.news(after: 2) else { return #expect(Bool(false)) }
    }

    @Test func r068_aReaderWhoComesLateGetsSoManyAtATimeAndAllInTheEnd() async {
        for id in 2...1_000 { run.publish(RunRecord(id: Int64(id), event: .delta("x"))) }
        run.end()
        var seen: [Int64] = []
        while case .records(let records) = await run.news(after: seen.last ?? 0) {
            #expect(records.count <= 256)
            seen += records.map(\.id)
        }
        #expect(seen == Array(1...1_000))
    }

    /// Whoever writes a batch takes a terminal event at its end for the run's.
    @Test func anErrorThatTheRunHasGotOverIsNeverTheLastOfABatch() async {
        for id in 2...255 { run.publish(RunRecord(id: Int64(id), event: .delta("x"))) }
        run.publish(RunRecord(id: 256, event: .stopped))
        for id in 257...300 { run.publish(RunRecord(id: Int64(id), event: .delta("x"))) }
        guard case .records(let records) = await run.news(after: 0) else { return #expect(Bool(false)) }
        #expect(records.last?.id == 257)
    }

    @Test func aReaderThatIsCancelledDoesNotWaitOn() async {
        let reader = Task { [run] in await run.news(after: 1) }
        reader.cancel()
        guard case .heartbeat = await reader.value else { return #expect(Bool(false)) }
    }

    @Test func manyReadersEachGetEveryRecordOnce() async {
        let counts = await withTaskGroup(of: [Int64].self) { [run] group in
            for _ in 0..<50 {
                group.addTask {
                    var seen: [Int64] = []
                    var cursor: Int64 = 0
                    while true {
                        switch await run.news(after: cursor) {
                        case .records(let records):
                            seen += records.map(\.id)
                            cursor = records.last?.id ?? cursor
                        case .heartbeat: continue
                        case .over: return seen
                        }
                    }
                }
            }
            for id in 2...200 {
                run.publish(RunRecord(id: Int64(id), event: .delta("x")))
                if id % 7 == 0 { await Task.yield() }
            }
            run.end()
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(counts.count == 50)
        #expect(counts.allSatisfy { $0 == Array(1...200) })
    }
}
