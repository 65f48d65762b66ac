import AgentRuntime
import AgentTesting
import Testing

/// agents-sdk, tracing: what waits for an exporter, and that no run does.
@Suite(.timeLimit(.minutes(5))) struct BatchTraceProcessorTests {
    private struct Secret: Error {}

    private let clock = ManualClock()
    private let log = LogRecorder()

    private func processor(
        _ exporter: ExporterStub,
        queue: Int = 100,
        batch: Int = 128,
        ratio: Double = 1
    ) -> BatchTraceProcessor {
        BatchTraceProcessor(exporter, queueLimit: queue, batchLimit: batch, exportTriggerRatio: ratio, clock: clock, logger: log.logger)
    }

    private func names(_ exporter: ExporterStub) -> [[String]] { exporter.batches.map { $0.map(\.name) } }

    @Test func c232_whatComesWaitsForItsTimeAndGoesInBatches() async {
        let exporter = ExporterStub()
        let processor = processor(exporter, batch: 2)
        await withDiscardingTaskGroup { group in
            group.addTask { await processor.run() }
            await clock.untilSleeping()
            processor.onTraceStart(AgentRuntime.Trace(id: "trace_1", workflowName: "W"))
            processor.end("a", "b", "c", "d")
            #expect(exporter.batches.isEmpty)
            clock.advance(by: .seconds(5))
            await exporter.begun(3)
            #expect(names(exporter) == [["W", "a"], ["b", "c"], ["d"]])
            await clock.untilSleeping()
            processor.end("e")
            clock.advance(by: .seconds(5))
            await exporter.begun(4)
            await processor.shutdown(within: nil)
        }
        #expect(names(exporter).last == ["e"])
        #expect(clock.sleeps.prefix(2) == [.seconds(5), .seconds(5)])
        #expect(processor.droppedCount == 0)
    }

    @Test func c232_onlyBeginningsOfTracesAndEndsOfSpansAreExported() async {
        let exporter = ExporterStub()
        let processor = processor(exporter)
        guard case .span(let span) = TraceItem.custom("a") else { return }
        processor.onTraceStart(span.trace)
        processor.onSpanStart(span)
        processor.onSpanEnd(span)
        processor.onTraceEnd(span.trace)
        await processor.forceFlush()
        #expect(exporter.batches == [[.trace(span.trace), .span(span)]])
    }

    @Test func c232_aQueueThatFillsUpIsExportedAtOnce() async {
        let exporter = ExporterStub()
        let processor = processor(exporter, queue: 10, ratio: 0.7)
        await withDiscardingTaskGroup { group in
            group.addTask { await processor.run() }
            processor.end("1", "2", "3", "4", "5", "6", "7")
            await exporter.begun(1)
            await processor.shutdown(within: nil)
        }
        #expect(exporter.batches.flatMap(\.self).count == 7)
        #expect(exporter.batches.first?.count == 7)
    }

    @Test func c232_aFullQueueDropsWhatComesAndCountsIt() async {
        let exporter = ExporterStub()
        let processor = processor(exporter, queue: 3)
        processor.end("1", "2", "3", "4", "5")
        #expect(processor.droppedCount == 2)
        await processor.forceFlush()
        #expect(names(exporter) == [["1", "2", "3"]])
        processor.end("6", "7", "8", "9")
        await processor.forceFlush()
        #expect(names(exporter) == [["1", "2", "3"], ["6", "7", "8"]])
        #expect(processor.droppedCount == 3)
        #expect(log.entries.filter { $0.contains("is full") }.count == 2)
    }

    @Test func c232_aFlushWaitsForWhatIsUnderWay() async throws {
        let gate = Gate()
        let exporter = ExporterStub { batch in if batch == 1 { try await gate.wait() } }
        let processor = processor(exporter)
        processor.end("1")
        async let first: Void = processor.forceFlush()
        await exporter.begun(1)
        processor.end("2")
        async let second: Bool = {
            await processor.forceFlush()
            return gate.isOpen
        }()
        async let third: Void = processor.forceFlush()
        gate.open()
        await first
        #expect(await second)
        await third
        #expect(names(exporter) == [["1"], ["2"]])
        #expect(exporter.mostUnderWay == 1)
        #expect(processor.droppedCount == 0)
    }

    @Test func c232_aFlushOfACancelledTaskLosesNothing() async {
        let exporter = ExporterStub()
        let processor = processor(exporter)
        processor.end("1")
        await withTaskGroup(of: Void.self) { group in
            group.cancelAll()
            group.addTask { await processor.forceFlush() }
        }
        #expect(exporter.batches.isEmpty)
        await processor.forceFlush()
        #expect(names(exporter) == [["1"]])
    }

    @Test func c232_aShutdownExportsWhatIsThereAndTakesNothingMore() async {
        let exporter = ExporterStub()
        let processor = processor(exporter)
        await withDiscardingTaskGroup { group in
            group.addTask { await processor.run() }
            await clock.untilSleeping()
            processor.end("1")
            await processor.shutdown(within: .seconds(2))
        }
        processor.end("2")
        await processor.forceFlush()
        await processor.shutdown(within: .seconds(2))
        #expect(names(exporter) == [["1"]])
        #expect(processor.droppedCount == 0)
        #expect(log.entries.isEmpty)
    }

    @Test(arguments: [true, false]) func c232_aShutdownEndsWithItsDeadline(isExportUnderWay: Bool) async {
        let exporter = ExporterStub { _ in try await Gate().wait() }
        let processor = processor(exporter, batch: 2, ratio: isExportUnderWay ? 0.01 : 1)
        await withDiscardingTaskGroup { group in
            group.addTask { await processor.run() }
            await clock.untilSleeping()
            processor.end("1", "2", "3")
            if isExportUnderWay { await exporter.begun(1) }
            group.addTask { await processor.shutdown(within: .seconds(2)) }
            await exporter.begun(1)
            while !clock.sleeps.contains(.seconds(2)) { await Task.yield() }
            clock.advance(by: .seconds(2))
        }
        #expect(exporter.batches.count == 1)
        #expect(processor.droppedCount == 3)
        #expect(log.entries.contains { $0.contains("no time to export") })
    }

    @Test func c232_anExporterThatFailsLosesOneBatch() async {
        let exporter = ExporterStub { batch in if batch == 1 { throw Secret() } }
        let processor = processor(exporter, batch: 2)
        processor.end("1", "2", "3")
        await processor.forceFlush()
        #expect(names(exporter) == [["1", "2"], ["3"]])
        #expect(processor.droppedCount == 2)
        #expect(log.entries == ["warning traces could not be exported and are dropped cause=Secret items=2"])
    }

    @Test func c232_theLogSaysWhyATraceServerTookNothing() async {
        let processor = processor(ExporterStub { _ in throw TraceExportError.refused(status: 401) })
        processor.end("1")
        await processor.forceFlush()
        #expect(log.entries.first?.contains("The trace server answered with HTTP 401.") == true)
    }

    @Test func c232_noRunWaitsForAnExporter() async throws {
        let gate = Gate()
        let exporter = ExporterStub { _ in try await gate.wait() }
        let processor = processor(exporter, queue: 4, ratio: 0.1)
        let runner = Runner(model: ScriptedModel(.call("add"), .text("Done")), traceProvider: TraceProvider(processors: [processor]))
        let output = try await runner.traceProvider.exporting(shutdownWithin: nil) {
            let result = try await runner.run(.stub(tools: [.stub("add")]), input: "a", context: ())
            await exporter.begun(1)
            gate.open()
            return result.output
        }
        #expect(output == "Done")
        #expect(exporter.batches.flatMap(\.self).count + processor.droppedCount == 8)
    }

    @Test func c232_everythingIsExportedWhenTheWorkIsDoneAlsoWhenItFailed() async throws {
        let exporter = ExporterStub()
        let provider = TraceProvider(processors: [processor(exporter)])
        await #expect(throws: Secret.self) {
            try await provider.exporting {
                provider.processors.first?.end("1")
                throw Secret()
            }
        }
        #expect(names(exporter) == [["1"]])
        provider.processors.first?.end("2")
        await provider.forceFlush()
        #expect(names(exporter) == [["1"]])
    }

    @Test func c232_aFailingExporterIsNoErrorOfTheRun() async throws {
        let processor = processor(ExporterStub { _ in throw Secret() }, ratio: 0.01)
        let runner = Runner(model: ScriptedModel(.text("Hi")), traceProvider: TraceProvider(processors: [processor]))
        let output = try await runner.traceProvider.exporting { try await runner.run(Agent<Void>.stub(), input: "a", context: ()).output }
        #expect(output == "Hi")
        #expect(processor.droppedCount == 5)
    }
}
