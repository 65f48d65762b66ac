import CCurl

/// A request that has passed every check that can be made before sending.
struct CurlJob: Sendable {
    let id: UInt64
    var request: TransportRequest
    /// Scheme, host and port.
    let origin: String
    let isTLS: Bool
    let stream: CurlStream

    init(id: UInt64, request: TransportRequest, stream: CurlStream) throws(TransportError) {
        let url = try CurlURL(request.url)
        self.id = id
        self.request = request
        self.origin = url.origin
        self.isTLS = url.isTLS
        self.stream = stream
        try Self.check(request)
    }

    private static func check(_ request: TransportRequest) throws(TransportError) {
        guard isToken(request.method) else { throw .refusedRequest("its method is not an HTTP token") }
        for field in request.headers.fields {
            guard isToken(field.name) else { throw .refusedRequest("a header field's name is not an HTTP token") }
            guard isFieldValue(field.value) else { throw .refusedRequest("the value of \(field.name) has control characters") }
            for reserved in ["Content-Length", "Transfer-Encoding"] where field.hasName(reserved) {
                throw .refusedRequest("\(reserved) follows from the body")
            }
        }
    }

    /// https://www.rfc-editor.org/rfc/rfc9110#name-tokens
    private static func isToken(_ text: String) -> Bool {
        !text.isEmpty
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
                default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
                }
            }
    }

    private static func isFieldValue(_ text: String) -> Bool {
        text.utf8.allSatisfy { $0 == UInt8(ascii: "\t") || ($0 >= 0x20 && $0 != 0x7F) }
    }
}
