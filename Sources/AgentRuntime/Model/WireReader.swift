/// Understands what one wire API answers; without I/O, so that every split and every fault can be tried at it.
protocol WireReader: Sendable {
    /// Whether anything of the answer itself has come, after which a failure is no longer one of getting an answer at all.
    var hasBegun: Bool { get }

    /// What the data of one server-sent event says.
    mutating func receive(_ data: String) throws -> [ModelEvent]

    /// The response of a stream that ended. Throws when it had not come to its end.
    func end() throws -> ModelResponse

    /// The response of an answer that came in one piece.
    func response(from json: JSONValue) throws -> ModelResponse
}

extension ModelError {
    /// An error that a provider reports in the place of an answer or of its rest; nil when `json` holds none.
    ///
    /// Before anything else it is as good as an error status.
    init?(reportedBy json: JSONValue, hasBegun: Bool) {
        guard let error = json["error"], !error.isNull else { return nil }
        let code = [error["code"], error["type"]].lazy.compactMap { $0?.string ?? $0?.integer.map(String.init) }.first
        let message = error["message"]?.string ?? error.string ?? "It gave no reason."
        if !hasBegun, let status = code.flatMap({ Int($0) }), (400...599).contains(status) {
            self = .http(status: status, message: message, retryAfter: nil)
        } else {
            self = .failed(code: code, message: message)
        }
    }
}

extension JSONValue {
    /// The JSON object that a provider sent.
    init(wire text: some Sequence<UInt8>) throws(ModelError) {
        guard let json = try? JSONValue(json: text), json.object != nil else { throw .malformed("it is not a JSON object") }
        self = json
    }

    /// A count of a provider: what is no whole number from 0 up counts as 0.
    var count: Int { max(0, integer ?? 0) }
}
