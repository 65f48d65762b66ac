/// Signed reasoning as some chat servers send it, put together from its pieces: https://docs.litellm.ai/docs/reasoning_content
struct ThinkingBlocks {
    private(set) var blocks: [JSONValue] = []

    /// What comes in pieces goes on with the latest block until its signature has come.
    mutating func receive(_ pieces: [JSONValue], areWhole: Bool) {
        for piece in pieces where piece.object != nil {
            guard !areWhole, piece["type"] == "thinking", let last = blocks.last?.object, last["type"] == "thinking", last.isUnsigned else {
                blocks.append(piece)
                continue
            }
            var grown = last
            grown["thinking"] = .string((last["thinking"]?.string ?? "") + (piece["thinking"]?.string ?? ""))
            if let signature = piece["signature"], !signature.isNull { grown["signature"] = signature }
            blocks[blocks.count - 1] = .object(grown)
        }
    }
}

extension [String: JSONValue] {
    fileprivate var isUnsigned: Bool { self["signature"]?.string?.isEmpty ?? true }
}
