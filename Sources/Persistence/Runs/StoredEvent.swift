import AgentRuntime
import FoundationEssentials

/// An event as its row holds it.
struct StoredEvent: Sendable {
    let id: Int64
    let type: String
    let payload: String

    init(_ record: RunRecord) throws {
        id = record.id
        type = record.event.type
        payload = String(decoding: try JSONEncoder.stable.encode(record.event), as: UTF8.self)
        // JSON writes U+0000 as an escape, which PostgreSQL's text can hold.
    }
}

extension RunRecord {
    init(_ row: Row) throws {
        let payload = try row.text("payload")
        do {
            let event = try JSONDecoder().decode(RunEvent.self, from: Data(payload.utf8))
            self.init(id: Int64(try row.int("id")), event: event)
        } catch is DecodingError {
            throw StoreError.unexpectedValue(column: "payload")
        }
    }
}

/// The state that an ending, or a question to a person, leaves a run in.
extension RunEvent {
    var endState: RunState? {
        switch self {
        case .approvalRequested: .awaitingApproval
        case .done: .completed
        case .stopped: .stopped
        case .error(let failure): failure.code == .interrupted ? .interrupted : .failed
        default: nil
        }
    }

    var errorCode: String? {
        if case .error(let failure) = self { failure.code.rawValue } else { nil }
    }
}
