import FoundationEssentials

/// One request of a model over HTTP, and its answer as it is pulled.
struct WireEvents<Reader: WireReader>: AsyncSequence, Sendable {
    typealias Element = ModelEvent
    typealias Failure = any Error

    let endpoint: ModelEndpoint
    let path: String
    let transport: any Transport
    let request: ModelRequest
    let reader: Reader
    /// Makes the request's body when the first event is pulled.
    let body: @Sendable () throws -> JSONValue

    func makeAsyncIterator() -> Iterator {
        Iterator(wire: self)
    }

    struct Iterator: AsyncIteratorProtocol {
        private enum State {
            case unasked
            case streaming(TransportBody.Iterator)
            case finished
        }

        private let wire: WireEvents
        private var reader: Reader
        private var parser = ServerSentEventParser(limit: WireLimits.event)
        private var received = 0
        private var hasEvents = false
        private var requestID: String?
        private var state = State.unasked
        private var events: ArraySlice<ModelEvent> = []

        fileprivate init(wire: WireEvents) {
            self.wire = wire
            reader = wire.reader
        }

        mutating func next() async throws -> ModelEvent? {
            try await next(isolation: nil)
        }

        mutating func next(isolation actor: isolated (any Actor)?) async throws -> ModelEvent? {
            do {
                while events.isEmpty {
                    switch state {
                    case .unasked: try await ask(isolation: actor)
                    case .streaming(var body): try await receive(body.next(isolation: actor), from: body)
                    case .finished: return nil
                    }
                }
            } catch {
                state = .finished
                throw failure(from: error)
            }
            return events.popFirst()
        }

        private mutating func ask(isolation actor: isolated (any Actor)?) async throws {
            let request = try wire.endpoint.request(wire.path, body: wire.body(), of: wire.request)
            let response = try await wire.transport.send(request)
            guard (200...299).contains(response.status) else {
                throw ModelError(
                    status: response.status, headers: response.headers, body: await response.body.start(of: WireLimits.errorBody),
                    key: wire.endpoint.apiKey, now: Date().timeIntervalSince1970)
            }
            requestID = response.headers.requestID
            switch try AnswerForm(response.headers, isStreamed: wire.request.isStreamed) {
            case .stream: state = .streaming(response.body.makeAsyncIterator())
            case .whole:
                let json = try JSONValue(wire: await response.body.collect(upTo: WireLimits.response))
                finish(with: try reader.response(from: json))
            }
        }

        private mutating func receive(_ piece: [UInt8]?, from body: TransportBody.Iterator) async throws {
            received += piece?.count ?? 0
            guard received <= WireLimits.response else { throw ModelError.malformed("it is longer than \(WireLimits.response) bytes") }
            // The last event's empty line may be missing.
            for event in try parser.receive(piece ?? Array("\n\n".utf8)) where !event.data.isEmpty {
                hasEvents = true
                for event in try reader.receive(event.data) {
                    guard case .completed(let response) = event else { events.append(event); continue }
                    finish(with: response)
                    if piece != nil { await body.readToEnd() }
                    return
                }
            }
            guard piece == nil else { return }
            if hasEvents, !reader.hasBegun { throw TransportError.connectionLost("the stream ended before an answer began") }
            finish(with: try reader.end())
        }

        private mutating func finish(with response: ModelResponse) {
            var response = response
            response.requestID = requestID
            events.append(.completed(response))
            state = .finished
        }

        private func failure(from error: any Error) -> any Error {
            switch error {
            case TransportError.cancelled where Task.isCancelled: CancellationError()
            case TransportError.bodyTooLarge(let limit): ModelError.malformed("it is longer than \(limit) bytes")
            case let error as TransportError: reader.hasBegun ? ModelError.interrupted(error) : ModelError.transport(error)
            case let error as ServerSentEventParser.EventTooLong: ModelError.malformed("one event is longer than \(error.limit) bytes")
            default: error
            }
        }
    }
}

extension TransportHeaders {
    /// Of the two fields that providers use; longer than any of theirs it is cut.
    fileprivate var requestID: String? {
        (self["x-request-id"] ?? self["request-id"]).map { String($0.prefix(256)) }
    }
}

/// Bytes that are taken from a provider.
enum WireLimits {
    static let event = 4 * 1_048_576
    static let response = 16 * 1_048_576
    static let errorBody = 64 * 1_024
}

/// How an answer comes, whatever was asked for.
private enum AnswerForm {
    case stream, whole

    init(_ headers: TransportHeaders, isStreamed: Bool) throws(ModelError) {
        let type = headers["Content-Type"]?.lowercased() ?? ""
        if type.contains("html") { throw .malformed("it is a web page") }
        if type.contains("event-stream") {
            self = .stream
        } else if type.contains("json") {
            self = .whole
        } else {
            self = isStreamed ? .stream : .whole
        }
    }
}

extension TransportBody {
    /// The first bytes, at most `limit`; what fails meanwhile ends them.
    fileprivate func start(of limit: Int) async -> [UInt8] {
        var bytes: [UInt8] = []
        var body = makeAsyncIterator()
        while bytes.count < limit, let piece = try? await body.next() { bytes += piece }
        return Array(bytes.prefix(limit))
    }
}

extension TransportBody.Iterator {
    /// Takes what is still under way of an answer that has come to its end, so that its connection can be used again.
    fileprivate func readToEnd() async {
        _ = try? await within(.milliseconds(50), on: ContinuousClock()) {
            var body = self
            while try await body.next() != nil {}
        }
    }
}
