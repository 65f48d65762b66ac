/// The host's name for a call, in the `_meta` of its request, by which a server can tell a repetition from a new call:
/// https://modelcontextprotocol.io/specification/2025-06-18/basic/index#_meta
enum MCPCallKey {
    static let name = "agent-runtime/idempotency-key"

    /// Beside what the program itself says there; a key of its own stays.
    static func added(_ call: CallKey?, to meta: JSONValue?) -> JSONValue? {
        guard let call else { return meta }
        guard let meta, !meta.isNull else { return [name: .string(call.text)] }
        guard let members = meta.object else { return meta }
        return .object([name: .string(call.text)].merging(members) { _, own in own })
    }
}
