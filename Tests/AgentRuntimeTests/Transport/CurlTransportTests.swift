import AgentRuntime
import Glibc
import Testing

@Suite(.timeLimit(.minutes(5)))
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
            url: server.url("/v1/responses?a=b"),
            method: "POST",
            headers: ["Authorization": "Bearer key", "Content-Type": "application/json", "X-Empty": ""],
            body: Array("{\"a\":1}".utf8)
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

    @Test(arguments: ["GET", "POST", "DELETE", "PUT"])
    func aMegabyteOfBodyArrivesWhole(method: String) async throws {
        let body = String(repeating: "0123456789abcdef", count: 65_536)
        let server = try LoopbackServer { connection in
            let request = connection.readRequest() ?? ""
            let isWhole = request.hasPrefix(method + " / ") && request.hasSuffix("\r\n\r\n" + body)
            connection.write("HTTP/1.1 \(isWhole ? 200 : 400) X\r\nContent-Length: 0\r\n\r\n")
        }
        defer { server.stop() }
        let response = try await transport.send(TransportRequest(url: server.url(), method: method, body: Array(body.utf8)))
        #expect(response.status == 200)
    }

    @Test(arguments: [200, 201, 302, 400, 401, 404, 429, 500, 503, 529])
    func everyStatusIsAResponse(status: Int) async throws {
        let server = try LoopbackServer.answering("HTTP/1.1 \(status) Whatever\r\nRetry-After: 2\r\nContent-Length: 4\r\n\r\nbody")
        defer { server.stop() }
        let response = try await transport.send(TransportRequest(url: server.url()))
        #expect(response.status == status)
        #expect(response.headers["retry-after"] == "2")
        #expect(try await response.body.collect(upTo: 4) == Array("body".utf8))
    }

    @Test func headersKeepTheirOrderAndRepetitions() async throws {
        let head = "HTTP/1.1 200 OK\r\nX-B:  1 \r\nx-a: 2\r\nX-B: 3\r\nX-Folded: 4\r\n  5\r\nX-None:\r\nContent-Length: 0\r\n\r\n"
        let server = try LoopbackServer.answering(head)
        defer { server.stop() }
        let headers = try await transport.send(TransportRequest(url: server.url())).headers
        #expect(headers.fields.map(\.name).prefix(3) == ["X-B", "x-a", "X-B"])
        #expect(headers.values(for: "x-b") == ["1", "3"])
        #expect(headers["X-FOLDED"] == "4 5")
        #expect(headers["X-None"] == "")
        #expect(headers["X-Missing"] == nil)
    }

    @Test func informationalResponsesArePassedOver() async throws {
        let server = try LoopbackServer.answering(
            "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
        )
        defer { server.stop() }
        let response = try await transport.send(TransportRequest(url: server.url()))
        #expect(response.status == 200)
        #expect(response.headers["Link"] == nil)
        #expect(try await response.body.collect(upTo: 2) == Array("ok".utf8))
    }

    @Test func trailersAreNotPartOfTheResponse() async throws {
        let server = try LoopbackServer.answering(
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\nX-Trailer: 1\r\n\r\n"
        )
        defer { server.stop() }
        let response = try await transport.send(TransportRequest(url: server.url()))
        #expect(try await response.body.collect(upTo: 2) == Array("ok".utf8))
        #expect(response.headers["X-Trailer"] == nil)
    }

    @Test func r105_aResponseWrittenByteByByteIsTheSame() async throws {
        let text = "HTTP/1.1 200 OK\r\nX-Name: value\r\nTransfer-Encoding: chunked\r\n\r\n6\r\nsma\u{e5}l\r\n3;x=y\r\n\u{20ac}\r\n0\r\n\r\n"
        let server = try LoopbackServer { connection in
            _ = connection.readRequest()
            for byte in text.utf8 { connection.write([byte]) }
        }
        defer { server.stop() }
        let response = try await transport.send(TransportRequest(url: server.url()))
        #expect(response.headers["X-Name"] == "value")
        #expect(try await response.body.collect(upTo: 100) == Array("sma\u{e5}l\u{20ac}".utf8))
    }

    @Test func r106_compressionIsNeverAskedForNorUndone() async throws {
        let received = Signal<String>()
        let server = try LoopbackServer { connection in
            received.send(connection.readRequest() ?? "")
            connection.write("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 3\r\n\r\nraw")
        }
        defer { server.stop() }
        let response = try await transport.send(TransportRequest(url: server.url()))
        #expect(try await response.body.collect(upTo: 3) == Array("raw".utf8))
        #expect(await !received.value().lowercased().contains("accept-encoding"))
    }

    @Test func connectionsAreUsedAgain() async throws {
        let server = try LoopbackServer { connection in
            while connection.readRequest() != nil { connection.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok") }
        }
        defer { server.stop() }
        for _ in 1...20 {
            let response = try await transport.send(TransportRequest(url: server.url(), method: "POST", body: [1]))
            #expect(try await response.body.collect(upTo: 2) == Array("ok".utf8))
        }
        #expect(server.connectionCount == 1)
    }

    /// More than one multi handle takes.
    @Test func sixHundredTransfersRunAtOnce() async throws {
        let count = 600
        let isEveryoneThere = Signal<Void>()
        let arrivals = Countdown(count) { isEveryoneThere.send() }
        let server = try LoopbackServer { connection in
            let path = connection.readRequest()?.split(separator: " ").dropFirst().first ?? ""
            connection.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n<\r\n")
            arrivals.tick()
            isEveryoneThere.wait()
            connection.write("\(String(path.utf8.count, radix: 16))\r\n\(path)\r\n0\r\n\r\n")
        }
        defer { server.stop() }
        try await withThrowingTaskGroup(of: Bool.self) { group in
            for number in 1...count {
                group.addTask {
                    let response = try await transport.send(TransportRequest(url: server.url("/\(number)")))
                    return try await response.body.collect(upTo: 10) == Array("</\(number)".utf8)
                }
            }
            for try await isRight in group { #expect(isRight) }
        }
        #expect(server.connectionCount == count)
    }

    @Test func r109_redirectsAreResponsesAndNobodyElseLearnsTheKey() async throws {
        let canary = try LoopbackServer.answering("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
        defer { canary.stop() }
        for target in ["file:///etc/passwd", canary.url(), "gopher://127.0.0.1:\(canary.port)/"] {
            let server = try LoopbackServer.answering("HTTP/1.1 302 Found\r\nLocation: \(target)\r\nContent-Length: 0\r\n\r\n")
            defer { server.stop() }
            let response = try await transport.send(TransportRequest(url: server.url(), headers: ["Authorization": "Bearer key"]))
            #expect(response.status == 302)
            #expect(response.headers["Location"] == target)
            #expect(try await response.body.collect(upTo: 0).isEmpty)
        }
        #expect(canary.connectionCount == 0)
    }

    @Test func r109_proxiesInTheEnvironmentAreIgnored() async throws {
        let proxy = try LoopbackServer.answering("HTTP/1.1 502 Proxied\r\nContent-Length: 0\r\n\r\n")
        let server = try LoopbackServer.answering("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
        defer { proxy.stop() }
        defer { server.stop() }
        for name in ["http_proxy", "ALL_PROXY"] { setenv(name, proxy.url(), 1) }
        defer { for name in ["http_proxy", "ALL_PROXY"] { unsetenv(name) } }
        #expect(try await transport.send(TransportRequest(url: server.url())).status == 200)
        #expect(proxy.connectionCount == 0)
    }

    @Test func aConfiguredProxyIsAsked() async throws {
        let received = Signal<String>()
        let proxy = try LoopbackServer { connection in
            received.send(connection.readRequest() ?? "")
            connection.write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
        }
        defer { proxy.stop() }
        let transport = CurlTransport(configuration: CurlTransport.Configuration(proxy: proxy.url()))
        #expect(try await transport.send(TransportRequest(url: "http://model.invalid/v1")).status == 200)
        #expect(await received.value().hasPrefix("GET http://model.invalid/v1 HTTP/1.1\r\n"))
    }

    @Test func r109_cookiesAreNotKept() async throws {
        let second = Signal<String>()
        let server = try LoopbackServer { connection in
            _ = connection.readRequest()
            connection.write("HTTP/1.1 200 OK\r\nSet-Cookie: a=b\r\nContent-Length: 0\r\n\r\n")
            second.send(connection.readRequest() ?? "")
            connection.write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
        }
        defer { server.stop() }
        for _ in 1...2 {
            _ = try await transport.send(TransportRequest(url: server.url())).body.collect(upTo: 0)
        }
        let request = await second.value()
        #expect(request.hasPrefix("GET"))
        #expect(!request.lowercased().contains("cookie"))
    }

    @Test(arguments: [
        "ftp://127.0.0.1/", "file:///etc/passwd", "gopher://127.0.0.1/", "127.0.0.1:80", "", "http://", "nonsense", "http://a b/",
        "http://user@127.0.0.1/", "http://user:secret@127.0.0.1/", "http://:secret@127.0.0.1/", "http://127.0.0.1/\0", "http://127.0.0.1:99999/",
    ])
    func r109_addressesThatAreNoModelServerAreRefused(url: String) async throws {
        let error = await #expect(throws: TransportError.self) { try await transport.send(TransportRequest(url: url)) }
        guard case .refusedURL(let reason)? = error else { throw Unexpected(error) }
        #expect(!reason.contains("secret"))
    }

    @Test(arguments: [
        ("GET", "X-A", "a\r\nX-B: b"), ("GET", "X-A", "a\nb"), ("GET", "X-A", "a\0b"), ("GET", "X-A: b\r\nX-B", "c"), ("GET", "", "a"),
        ("GET", "X A", "a"), ("GE T", "X-A", "a"), ("", "X-A", "a"), ("GET / HTTP/1.1\r\nX:", "X-A", "a"), ("POST", "content-length", "1"),
        ("POST", "Transfer-Encoding", "chunked"),
    ])
    func requestsThatCouldSmuggleAnotherAreRefused(method: String, name: String, value: String) async throws {
        let headers = TransportHeaders([TransportHeaders.Field(name: name, value: value)])
        let request = TransportRequest(url: "http://127.0.0.1:9/", method: method, headers: headers)
        let error = await #expect(throws: TransportError.self) { try await transport.send(request) }
        guard case .refusedRequest? = error else { throw Unexpected(error) }
    }
}
