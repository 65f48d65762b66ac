import AgentRuntime
import Glibc
import Testing

@Suite(.timeLimit(.minutes(1)))
struct CurlTransportTests {
    private let transport = CurlTransport()

    @Test func aPieceIsReadableBeforeTheServerSendsTheNext() async throws {
        let firstIsRead = Signal<Void>()
        let server = try LoopbackServer { connection in
            _ = connection.readRequest()
            connection.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nfirst\r\n")
            firstIsRead.wait()
            connection.write("6\r\nsecond\r\n0\r\n\r\n")
        }
        defer { server.stop() }
        let response = try await transport.send(TransportRequest(url: server.url()))
        var body = response.body.makeAsyncIterator()
        #expect(try await body.next() == Array("first".utf8))
        firstIsRead.send()
        #expect(try await body.next() == Array("second".utf8))
        #expect(try await body.next() == nil)
        #expect(try await body.next() == nil)
    }

    @Test func theRequestArrivesAsItWasGiven() async throws {
        let received = Signal<String>()
        let server = try LoopbackServer { connection in
            received.send(connection.readRequest() ?? "")
            connection.write("HTTP/1.1 204 No Content\r\n\r\n")
        }
        defer { server.stop() }
        let request = TransportRequest(
            url: server.url("/v1/responses?a=b"), method: "POST",
            headers: ["Authorization": "Bearer key", "Content-Type": "application/json", "X-Empty": ""], body: Array("{\"a\":1}".utf8)
        )
        let response = try await transport.send(request)
        #expect(response.status == 204)
        #expect(try await response.body.collect(upTo: 0).isEmpty)
        let lines = await received.value().split(separator: "\r\n").map(String.init)
        #expect(
            lines == [
                "POST /v1/responses?a=b HTTP/1.1", "Host: 127.0.0.1:\(server.port)", "User-Agent: AgentRuntime", "Accept: */*",
                "Authorization: Bearer key", "Content-Type: application/json", "X-Empty:", "Content-Length: 7", "{\"a\":1}",
            ]
        )
    }
}
