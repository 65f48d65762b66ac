import AgentRuntime
import AgentTesting
import DatabaseFixtures
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import NIOCore
import NIOEmbedded
import Testing

@testable import Gateway

@Suite struct BodyGateTests {
    private static let body = #"{"title":"Milk"}"#

    /// R-036: what a form of another page could send is not taken.
    @Test func r036_onlyJSONIsTaken() async throws {
        let cases: [String] = [
            "text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "", "application/jsonp",
            "application/json; charset=utf-16",
            "text/json", "application/json, text/plain", "application/merge-patch+json",
        ]
        try await withGateway { _, browser in
            _ = try await browser.register("ann")
            for type in cases {
                let answer = try await browser.send(.post, "/api/todos", body: Self.body, type.isEmpty ? [:] : [.contentType: type])
                #expect(answer.status == 415, "\(type)")
                #expect(try await browser.send(.get, "/api/todos").json["data"]?.array == [], "\(type)")
            }
        }
    }

    @Test(arguments: ["application/json", "Application/JSON", "application/json; charset=utf-8", "application/json;charset=\"UTF-8\""])
    func spellingsOfJSONAreTaken(type: String) async throws {
        try await withGateway { _, browser in
            _ = try await browser.register("ann")
            #expect(try await browser.send(.post, "/api/todos", body: Self.body, [.contentType: type]).status == 201)
        }
    }

    /// R-070.
    @Test func r070_aCompressedBodyIsNotTaken() async throws {
        try await withGateway { _, browser in
            _ = try await browser.register("ann")
            let headers: HTTPFields = [.contentType: "application/json", .contentEncoding: "gzip"]
            #expect(try await browser.send(.post, "/api/todos", body: Self.body, headers).status == 415)
        }
    }

    /// R-065: 16 KiB, and 256 KiB for a message.
    @Test func r065_bodiesHaveALimit() async throws {
        try await withDatabase { database in
            let gateway = try await GatewayFixture(database)
            let application = gateway.application { router in
                router.post("measured/chat") { request, _ in "\(try await request.body.collect(upTo: 1 << 20).readableBytes)" }
            }
            try await application.test(.router) { client in
                let browser = Browser(client, origin: "http://localhost")
                _ = try await browser.register("ann")
                let json: HTTPFields = [.contentType: "application/json"]
                for (path, limit, status) in [("/api/todos", 16_384, 422), ("/measured/chat", 262_144, 200), ("//measured/chat/", 262_144, 200)] {
                    let padding = String(repeating: " ", count: limit - 2)
                    #expect(try await browser.send(.post, path, body: "{}" + padding, json).status == status)
                    let answer = try await browser.send(.post, path, body: "{}" + padding + " ", json)
                    #expect(answer.status == 413)
                }
            }
        }
    }

    /// R-056: the dialect, as a client sees it.
    @Test func r056_anythingButOneObjectIsMalformed() async throws {
        let cases: [String] = [
            "", #"{"title":"x",}"#, #"{"title":"x","title":"y"}"#, #"{"title":"\u0000"}"#, #"{"title":"\ud800"}"#, "\u{FEFF}\(Self.body)", "null",
            "[]",
            "\"x\"", "{} x",
            String(repeating: "[", count: 8_000) + String(repeating: "]", count: 8_000), "{\u{0}\"\u{0}t\u{0}",
        ]
        try await withGateway { _, browser in
            _ = try await browser.register("ann")
            for body in cases {
                let answer = try await browser.send(.post, "/api/todos", body: body, [.contentType: "application/json"])
                #expect(answer.status == 400, "\(body)")
                #expect(answer.json["type"]?.string == "urn:agent:problem:malformed-request")
            }
        }
    }

    /// R-066: the whole body has a time, however its bytes come.
    @Test(.timeLimit(.minutes(5))) func r066_aBodyThatDoesNotEndIsGivenUp() async throws {
        let clock = ManualClock()
        let (body, source) = RequestBody.makeStream()
        let head = HTTPRequest(
            method: .post, scheme: "http", authority: "localhost", path: "/api/todos", headerFields: [.contentType: "application/json"])
        let request = Request(head: head, body: body)
        let logger = LogRecorder().logger
        await withTaskGroup(of: Problem.Kind?.self) { group in
            group.addTask {
                let context = GatewayRequestContext(source: .init(channel: NIOAsyncTestingChannel(), logger: logger))
                let gate = BodyGate(clock: clock)
                let problem = await #expect(throws: Problem.self) {
                    try await gate.handle(request, context: context) { _, _ in Response(status: .ok) }
                }
                return problem?.kind
            }
            await source.yield(ByteBuffer(string: "{"))
            await clock.untilSleeping()
            clock.advance(by: .seconds(14))
            await source.yield(ByteBuffer(string: " "))
            clock.advance(by: .seconds(1))
            #expect(await group.next() == .timeout)
        }
    }

    /// R-062: as when its chunks are none, which is found out while it is read.
    @Test func r062_aBodyThatBreaksOffIsMalformed() async throws {
        struct ParserError: Error {}
        let (body, source) = RequestBody.makeStream()
        let head = HTTPRequest(
            method: .post, scheme: "http", authority: "localhost", path: "/api/todos", headerFields: [.contentType: "application/json"])
        let context = GatewayRequestContext(source: .init(channel: NIOAsyncTestingChannel(), logger: LogRecorder().logger))
        source.finish(ParserError())
        let problem = await #expect(throws: Problem.self) {
            try await BodyGate().handle(Request(head: head, body: body), context: context) { _, _ in Response(status: .ok) }
        }
        #expect(problem?.kind == .malformedRequest)
    }
}
