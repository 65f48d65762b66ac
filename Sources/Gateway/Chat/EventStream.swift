import AgentRuntime
import HTTPTypes
import Hummingbird
import NIOCore
import Persistence

/// A run as a stream of server-sent events, from a cursor to the run's end: https://html.spec.whatwg.org/multipage/server-sent-events.html
///
/// Leaving it does not end the run, and neither does the end of the session in whose name it is read, with which the stream ends. That a reader has left is noticed by the failed write at the next event or heartbeat.
struct EventStream {
    let run: ReadableRun
    let service: ChatService
    let owner: String
    let session: String
    /// The id of the last event that the reader has.
    let after: Int64

    /// A write of this many bytes, and what its last event has more, is all that a reader who does not read holds here.
    private static let piece = 65_536

    func response() -> Response {
        Response(
            status: .ok,
            headers: [.contentType: "text/event-stream", .cacheControl: "no-store", .accelBuffering: "no"],
            body: ResponseBody { writer in
                let entry = service.supervisor.streams.open(session: session) { wake() }
                defer { entry.close() }
                try await write(to: &writer, while: entry)
                try await writer.finish(nil)
            }
        )
    }

    /// Goes on from what is stored when another process has taken the run over.
    private func write(to writer: inout any ResponseBodyWriter, while entry: OpenStreams.Entry) async throws {
        switch run {
        case .live(let live):
            let cursor = try await write(live, to: &writer, while: entry)
            if !live.hasEnded, !entry.hasEnded, !service.supervisor.isDraining { try await follow(from: cursor, to: &writer, while: entry) }
        case .stored: try await follow(from: after, to: &writer, while: entry)
        }
    }

    private func wake() {
        if case .live(let live) = run { live.heartbeat() }
    }

    /// - Returns: The id of the last event that the reader has.
    private func write(_ live: LiveRun, to writer: inout any ResponseBodyWriter, while entry: OpenStreams.Entry) async throws -> Int64 {
        var cursor = after
        while true {
            try Task.checkCancellation()
            let news = await live.news(after: cursor)
            if entry.hasEnded { return cursor }
            switch news {
            case .records(let records):
                try await write(records, to: &writer)
                cursor = records.last?.id ?? cursor
            case .heartbeat: try await writer.write(.heartbeat)
            case .over: return cursor
            }
        }
    }

    /// Until the run ends or this process goes down: the reader then comes again, here or elsewhere.
    private func follow(from cursor: Int64, to writer: inout any ResponseBodyWriter, while entry: OpenStreams.Entry) async throws {
        let quietReadings = max(1, service.limits.heartbeat / .seconds(1))
        var quiet = 0.0
        try await service.follower.follow(run.id, owner: owner, after: cursor) { records in
            if entry.hasEnded { return false }
            if !records.isEmpty {
                quiet = 0
                try await write(records, to: &writer)
            } else {
                quiet += 1
                if quiet >= quietReadings {
                    quiet = 0
                    try await writer.write(.heartbeat)
                }
            }
            return !service.supervisor.isDraining
        }
    }

    private func write(_ records: [RunRecord], to writer: inout any ResponseBodyWriter) async throws {
        var bytes = ByteBuffer()
        // An error that is not the end is one that the run has got over.
        for record in records where !record.event.isTerminal || record.id == records.last?.id {
            guard let event = ChatEvent(record, run: run.id, conversation: run.conversation) else { continue }
            bytes.writeBytes(event.serverSentEvent.encoded)
            if bytes.readableBytes >= Self.piece {
                try await writer.write(bytes)
                bytes = ByteBuffer()
            }
        }
        if bytes.readableBytes > 0 { try await writer.write(bytes) }
    }
}

extension ByteBuffer {
    fileprivate static var heartbeat: ByteBuffer { ByteBuffer(bytes: ServerSentEvent.comment("")) }
}
