/// One event of a `text/event-stream`: https://html.spec.whatwg.org/multipage/server-sent-events.html
public struct ServerSentEvent: Sendable, Equatable {
    /// As received: the last id the stream has named up to here, nil when none or an empty one.
    public var id: String?
    public var event: String
    public var data: String
    /// Milliseconds to wait before connecting again.
    public var retry: Int?

    public init(id: String? = nil, event: String = "message", data: String, retry: Int? = nil) {
        self.id = id
        self.event = event
        self.data = data
        self.retry = retry
    }

    /// The bytes that make this event on the wire; each CR, LF or CRLF in `data` begins a new `data:` line.
    /// Line ends in `id` and `event`, and NUL in `id`, are left out: no reader could receive them.
    public var encoded: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(data.utf8.count + 48)
        if let id { Self.append(field: "id", id.utf8.filter { $0 != 0 && !Self.endsLine($0) }, to: &bytes) }
        if event != "message" { Self.append(field: "event", event.utf8.filter { !Self.endsLine($0) }, to: &bytes) }
        if let retry, retry >= 0 { Self.append(field: "retry", String(retry).utf8, to: &bytes) }
        appendData(to: &bytes)
        bytes.append(UInt8(ascii: "\n"))
        return bytes
    }

    /// The bytes of a comment, which readers pass over; it keeps idle connections open.
    public static func comment(_ text: String) -> [UInt8] {
        Array(":".utf8) + text.utf8.map { endsLine($0) ? UInt8(ascii: " ") : $0 } + Array("\n\n".utf8)
    }

    private func appendData(to bytes: inout [UInt8]) {
        let content = Array(data.utf8)
        var rest = content[...]
        while let end = rest.firstIndex(where: Self.endsLine) {
            Self.append(field: "data", rest[..<end], to: &bytes)
            let isPair = rest[end...].starts(with: "\r\n".utf8)
            rest = rest[(end + (isPair ? 2 : 1))...]
        }
        Self.append(field: "data", rest, to: &bytes)
    }

    private static func append(field: StaticString, _ value: some Sequence<UInt8>, to bytes: inout [UInt8]) {
        bytes.append(contentsOf: "\(field): ".utf8)
        bytes.append(contentsOf: value)
        bytes.append(UInt8(ascii: "\n"))
    }

    private static func endsLine(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r")
    }
}
