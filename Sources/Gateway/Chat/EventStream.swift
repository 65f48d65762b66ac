import AgentRuntime
import HTTPTypes
import Hummingbird
import NIOCore
import Persistence

/// A run as a stream of server-sent events, from a cursor to the run's end: https://html.spec.whatwg.org/multipage/server-sent-events.html
///
/// Leaving it does not end the run. That a reader has left is noticed by the failed write at the next event or heartbeat.
struct EventStream: Sendable {
    let run: ReadableRun
    let runs: RunStore
    let owner: String
    /// The id of the last event that the reader has.
    let after: Int64

    func response() -> Response {
        Response(
            status: .ok,
            headers: [.contentType: "text/event-stream", .cacheControl: "no-store", .accelBuffering: "no"],
            body: ResponseBody { writer in
                switch run {
                case .live(let run): try await write(run, to: &writer)
                case .stored(let run): try await write(run, to: &writer)
                }
                try await writer.finish(nil)
            }
        )
    }

    private func write(_ live: LiveRun, to writer: inout any ResponseBodyWriter) async throws {
        var cursor = after
        while true {
            try Task.checkCancellation()
            switch await live.news(after: cursor) {
            case .records(let records):
                try await write(records, to: &writer)
                cursor = records.last?.id ?? cursor
            case .heartbeat: try await writer.write(ByteBuffer(bytes: ServerSentEvent.comment("")))
            case .over: return
            }
        }
    }

    private func write(_ stored: Run, to writer: inout any ResponseBodyWriter) async throws {
        var cursor = after
        while true {
            let records = try await runs.events(of: stored.id, owner: owner, after: cursor)
            guard let last = records.last else { return }
            try await write(records, to: &writer)
            cursor = last.id
        }
    }

    private func write(_ records: [RunRecord], to writer: inout any ResponseBodyWriter) async throws {
        var bytes = ByteBuffer()
        // An error that is not the end is one that the run has got over.
        for record in records where !record.event.isTerminal || record.id == records.last?.id {
            guard let event = ChatEvent(record, run: run.id, conversation: run.conversation) else { continue }
            bytes.writeBytes(event.serverSentEvent.encoded)
        }
        if bytes.readableBytes > 0 { try await writer.write(bytes) }
    }
}
