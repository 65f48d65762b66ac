/// The header fields that belong to the call under way, beside those of its transport.
enum MCPCallHeaders {
    @TaskLocal static var current: TransportHeaders = [:]
}
