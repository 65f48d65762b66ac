public import AgentRuntime
import Synchronization

/// A transport that answers with fixed responses, one a request, and remembers what was sent.
public final class FixtureTransport: Transport {
    /// One answer.
    public enum Answer: Sendable {
        case response(TransportResponse)
        /// No response at all.
        case failure(TransportError)
        /// The answer is made from the request.
        case respond(@Sendable (TransportRequest) async throws -> TransportResponse)
    }

    private let answers: [Answer]
    private let state = Mutex<[TransportRequest]>([])

    public init(_ answers: [Answer]) {
        self.answers = answers
    }

    public convenience init(_ answers: Answer...) {
        self.init(answers)
    }

    /// What was sent, in order.
    public var requests: [TransportRequest] { state.withLock { $0 } }

    public func send(_ request: TransportRequest) async throws -> TransportResponse {
        let place = state.withLock { requests in
            requests.append(request)
            return requests.count - 1
        }
        guard place < answers.count else { throw FixtureError.exhausted(answers: answers.count) }
        switch answers[place] {
        case .response(let response): return response
        case .failure(let error): throw error
        case .respond(let make): return try await make(request)
        }
    }
}

extension FixtureTransport.Answer {
    /// A JSON body.
    public static func json(_ json: JSONValue, status: Int = 200, headers: TransportHeaders = [:]) -> Self {
        var headers = headers
        headers["Content-Type"] = "application/json"
        return .response(TransportResponse(status: status, headers: headers, body: TransportBody([Array(json.data)])))
    }

    /// An event stream in pieces as they are given, ending with `failure` if there is one.
    public static func stream(_ pieces: [[UInt8]], failure: TransportError? = nil) -> Self {
        .response(TransportResponse(status: 200, headers: ["Content-Type": "text/event-stream"], body: TransportBody(pieces, failure: failure)))
    }

    /// An event stream of this text, in one piece.
    public static func stream(_ text: String, failure: TransportError? = nil) -> Self {
        stream([Array(text.utf8)], failure: failure)
    }
}

/// The fixtures and the requests do not fit.
public enum FixtureError: Error, CustomStringConvertible {
    /// One more request was sent than there are answers.
    case exhausted(answers: Int)

    public var description: String {
        switch self {
        case .exhausted(let answers): "There are \(answers) answers, and one more request was sent."
        }
    }
}
