/// Turns the bytes of a `text/event-stream` into events, however they are cut, by the rules of
/// https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation
///
/// An event that the stream ends before is never returned.
public struct ServerSentEventParser: Sendable {
    /// An event, or a line of one, is longer than the parser's limit.
    public struct EventTooLong: Error, Sendable, Equatable, CustomStringConvertible {
        public let limit: Int

        public init(limit: Int) {
            self.limit = limit
        }

        public var description: String { "An event of the stream is longer than \(limit) bytes." }
    }

    /// The id to send as `Last-Event-ID`, empty when there is none; like a browser's, it counts from the end of its event.
    public private(set) var lastEventID = ""
    /// Milliseconds to wait before connecting again, once the stream has said so.
    public private(set) var reconnectionTime: Int?

    private let limit: Int
    private var isTooLong = false
    private var byteOrderMark = 0
    private var followsCarriageReturn = false
    private var line: [UInt8] = []
    private var id = ""
    private var event = ""
    private var data: [UInt8] = []
    private var retry: Int?

    /// - Parameter limit: bytes that a line and the data of an event may have together.
    public init(limit: Int = 4 * 1_048_576) {
        self.limit = limit
    }

    /// The events that these bytes complete; events before an `EventTooLong` in the same bytes are lost with it.
    public mutating func receive(_ bytes: some Sequence<UInt8>) throws(EventTooLong) -> [ServerSentEvent] {
        var events: [ServerSentEvent] = []
        let isWithinLimit =
            bytes.withContiguousStorageIfAvailable { scan($0, into: &events) }
            ?? Array(bytes).withUnsafeBufferPointer { scan($0, into: &events) }
        guard isWithinLimit else { throw EventTooLong(limit: limit) }
        return events
    }

    private mutating func scan(_ bytes: UnsafeBufferPointer<UInt8>, into events: inout [ServerSentEvent]) -> Bool {
        var rest = Slice(base: bytes, bounds: bytes.startIndex..<bytes.endIndex)
        skipByteOrderMark(&rest)
        while !isTooLong, let first = rest.first {
            if followsCarriageReturn {
                followsCarriageReturn = false
                if first == UInt8(ascii: "\n") {
                    rest = rest.dropFirst()
                    continue
                }
            }
            guard let end = rest.firstIndex(where: { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") }) else {
                append(rest)
                break
            }
            append(rest[..<end])
            followsCarriageReturn = rest[end] == UInt8(ascii: "\r")
            rest = rest[(end + 1)...]
            if !isTooLong, let event = endLine() { events.append(event) }
        }
        return !isTooLong
    }

    /// Drops U+FEFF at the very start; what only began like one is part of the first line.
    private mutating func skipByteOrderMark(_ rest: inout Slice<UnsafeBufferPointer<UInt8>>) {
        let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
        while byteOrderMark < mark.count, let byte = rest.first {
            guard byte == mark[byteOrderMark] else {
                line = Array(mark[..<byteOrderMark])
                byteOrderMark = mark.count
                return
            }
            rest = rest.dropFirst()
            byteOrderMark += 1
        }
    }

    private mutating func append(_ bytes: Slice<UnsafeBufferPointer<UInt8>>) {
        guard bytes.count <= limit - data.count - line.count else {
            isTooLong = true
            return
        }
        line.append(contentsOf: bytes)
    }

    private mutating func endLine() -> ServerSentEvent? {
        defer { line.removeAll(keepingCapacity: true) }
        if line.isEmpty { return endEvent() }
        let colon = line.firstIndex(of: UInt8(ascii: ":")) ?? line.endIndex
        var value = line[colon...].dropFirst()
        if value.first == UInt8(ascii: " ") { value = value.dropFirst() }
        interpret(field: line[..<colon], value)
        return nil
    }

    private mutating func interpret(field: ArraySlice<UInt8>, _ value: ArraySlice<UInt8>) {
        if field.elementsEqual("data".utf8) {
            data.append(contentsOf: value)
            data.append(UInt8(ascii: "\n"))
        } else if field.elementsEqual("event".utf8) {
            event = String(decoding: value, as: UTF8.self)
        } else if field.elementsEqual("id".utf8), !value.contains(0) {
            id = String(decoding: value, as: UTF8.self)
        } else if field.elementsEqual("retry".utf8), let milliseconds = Self.number(value) {
            retry = milliseconds
            reconnectionTime = milliseconds
        }
    }

    private mutating func endEvent() -> ServerSentEvent? {
        defer {
            event = ""
            data.removeAll(keepingCapacity: true)
            retry = nil
        }
        lastEventID = id
        guard !data.isEmpty else { return nil }
        return ServerSentEvent(
            id: id.isEmpty ? nil : id,
            event: event.isEmpty ? "message" : event,
            data: String(decoding: data.dropLast(), as: UTF8.self),
            retry: retry
        )
    }

    /// ASCII digits only; nil also for a number that has no room in an `Int`.
    private static func number(_ digits: ArraySlice<UInt8>) -> Int? {
        guard !digits.isEmpty, digits.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) else { return nil }
        return Int(String(decoding: digits, as: UTF8.self))
    }
}
