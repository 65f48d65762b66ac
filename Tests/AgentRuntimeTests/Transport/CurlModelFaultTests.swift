import AgentTesting
import Synchronization
import Testing

@testable import AgentRuntime

/// What a run makes of a model server that breaks off or says nonsense, over real connections.
@Suite(.timeLimit(.minutes(5))) struct CurlModelFaultTests {
    private static let head = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n"

    /// A stream of text and calls that is cut at every byte, under a length that was promised, and without one.
    @Test(arguments: WireAPI.allCases, [true, false])
    func r104_aStreamCutAtAnyByteCallsNothingAndIsNoAnswer(api: WireAPI, hasLength: Bool) async throws {
        let stream = Array(api.everything.utf8)
        // What comes before this says that the answer is whole.
        let end = api == .chat ? #""finish_reason":"tool_calls""# : #""type":"response.completed""#
        let enough = try #require(stream.firstRange(of: Array(end.utf8))).lowerBound
        let server = try LoopbackServer { connection in
            let length = connection.readRequest()?.split(separator: "/").dropFirst().first.flatMap { Int($0) } ?? 0
            connection.write(Self.head + (hasLength ? "Content-Length: \(stream.count)\r\n\r\n" : "\r\n"))
            connection.write(Array(stream.prefix(length)))
        }
        defer { server.stop() }
        let calls = Mutex(0)
        let agent = Agent<Void>.stub(tools: [
            .stub("add") { _, _ in
                calls.withLock { $0 += 1 }
                return "done"
            }
        ])
        let transport = CurlTransport()
        for length in 0..<enough {
            let runner = Runner(model: api.model(transport, baseURL: server.url("/\(length)/v1")))
            let log = InMemoryRunLog()
            await #expect(throws: RunError.self, "cut after \(length)") { try await runner.run(agent, input: "Hi", context: (), log: log) }
            #expect(RunReport(of: log.records).failure?.retry == true, "cut after \(length)")
        }
        #expect(calls.withLock { $0 } == 0)
    }

    @Test(arguments: WireAPI.allCases)
    func r106_aLineWithoutAnEndIsLeftLongBeforeItFillsTheMemory(api: WireAPI) async throws {
        let taken = Mutex(0)
        let server = try LoopbackServer { connection in
            _ = connection.readRequest()
            connection.write(Self.head + "\r\ndata: ")
            let bytes = connection.flood(100_000_000, patience: 2_000)
            taken.withLock { $0 = bytes }
        }
        defer { server.stop() }
        await #expect(throws: ModelError.self) { _ = try await api.model(CurlTransport(), baseURL: server.url("/v1")).events(for: .hello) }
        #expect(taken.withLock { $0 } < 32_000_000)
    }

    @Test(arguments: WireAPI.allCases, ["<!DOCTYPE html><html>", "", "null", "data", "\u{1F}\u{8B}\u{8}\0\0\0\0\0", "{\"choices\":\"x\"}"])
    func r106_whatIsNoAnswerIsAFault(api: WireAPI, body: String) async throws {
        for type in ["text/event-stream", "application/json", "text/html"] {
            let server = try LoopbackServer.answering(
                "HTTP/1.1 200 OK\r\nContent-Type: \(type)\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)")
            defer { server.stop() }
            await #expect(throws: ModelError.self) { _ = try await api.model(CurlTransport(), baseURL: server.url("/v1")).events(for: .hello) }
        }
    }

    @Test func r110_theKeyOfOneServerIsNeverSentToAnother() async throws {
        let other = Mutex("")
        let second = try LoopbackServer { connection in
            let request = connection.readRequest() ?? ""
            other.withLock { $0 += request }
            connection.write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
        }
        defer { second.stop() }
        let first = try LoopbackServer.answering("HTTP/1.1 307 Go\r\nLocation: \(second.url("/v1/responses"))\r\nContent-Length: 0\r\n\r\n")
        defer { first.stop() }
        let transport = CurlTransport()
        await #expect(throws: ModelError.self) {
            _ = try await WireAPI.responses.model(transport, key: "sk-canary", baseURL: first.url("/v1")).events(for: .hello)
        }
        await #expect(throws: ModelError.self) {
            _ = try await WireAPI.responses.model(transport, key: nil, baseURL: second.url("/v1")).events(for: .hello)
        }
        #expect(other.withLock { $0 }.contains("POST /v1/responses"), "asked by its own model, and not by the redirect")
        #expect(!other.withLock { $0 }.contains("canary"))
        #expect(!other.withLock { $0 }.lowercased().contains("authorization"))
        #expect(second.connectionCount == 1)
    }
}
