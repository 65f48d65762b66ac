/// What a chat server says about its text, in the shape of the Responses API.
struct ChatTextDetails {
    private var annotations: [JSONValue] = []
    private var logprobs: [JSONValue] = []

    mutating func receive(annotations pieces: [JSONValue]) {
        for piece in pieces {
            guard piece["type"] == "url_citation", let citation = piece["url_citation"]?.object else { continue }
            annotations.append(.object(citation.merging(["type": "url_citation"]) { _, type in type }))
        }
    }

    mutating func receive(logprobs piece: JSONValue?) {
        logprobs += piece?["content"]?.array ?? []
    }

    /// Empty when nothing was said.
    var members: [String: JSONValue] {
        var members: [String: JSONValue] = [:]
        if !annotations.isEmpty { members["annotations"] = .array(annotations) }
        if !logprobs.isEmpty { members["logprobs"] = .array(logprobs) }
        return members
    }
}
