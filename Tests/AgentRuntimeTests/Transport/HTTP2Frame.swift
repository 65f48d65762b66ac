/// What a server may send over HTTP/2: https://www.rfc-editor.org/rfc/rfc9113#section-6
enum HTTP2Frame: Sendable, Hashable {
    case settings
    case settingsAcknowledgement
    /// A status of 200 and the content type of an event stream.
    case head
    case data(String, endsStream: Bool)
    case reset(HTTP2ErrorCode)
    case goAway(lastStream: UInt32, HTTP2ErrorCode)

    func bytes(on stream: UInt32) -> [UInt8] {
        let (type, flags, isOfConnection) = kind
        let payload = payload
        return Array(Self.bytes(UInt32(payload.count)).dropFirst()) + [type, flags] + Self.bytes(isOfConnection ? 0 : stream) + payload
    }

    private var kind: (type: UInt8, flags: UInt8, isOfConnection: Bool) {
        switch self {
        case .data(_, let endsStream): (0, endsStream ? 1 : 0, false)
        case .head: (1, 4, false)
        case .reset: (3, 0, false)
        case .settings: (4, 0, true)
        case .settingsAcknowledgement: (4, 1, true)
        case .goAway: (7, 0, true)
        }
    }

    private var payload: [UInt8] {
        switch self {
        case .settings, .settingsAcknowledgement: []
        // The eighth field of HPACK's table, and the 31st with another value.
        case .head: [0x88, 0x0F, 0x10, 17] + Array("text/event-stream".utf8)
        case .data(let text, _): Array(text.utf8)
        case .reset(let code): Self.bytes(code.rawValue)
        case .goAway(let lastStream, let code): Self.bytes(lastStream) + Self.bytes(code.rawValue)
        }
    }

    private static func bytes(_ number: UInt32) -> [UInt8] {
        [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: number >> $0) }
    }
}

/// Why a stream or a connection ends: https://www.rfc-editor.org/rfc/rfc9113#section-7
enum HTTP2ErrorCode: UInt32, Sendable, CaseIterable {
    case noError, protocolError, internalError, flowControlError, settingsTimeout, streamClosed, frameSizeError, refusedStream, cancel,
        compressionError, connectError, enhanceYourCalm, inadequateSecurity, http11Required
}
