/// The name `mcp_{server}__{tool}` by which a model knows a tool whose server is part of its name.
enum MCPToolName {
    private static let longest = 64

    /// ASCII letters, digits, `_` and `-`, at most 64 of them. A name that had to be changed or cut, or that something else has, ends in a hash of
    /// the whole, so that two stay two.
    static func prefixed(_ tool: String, of server: String, avoiding taken: Set<String> = []) -> String {
        let name = "mcp_\(server)__\(tool)"
        let plain = String(decoding: name.utf8.map { isPlain($0) ? $0 : UInt8(ascii: "_") }, as: UTF8.self)
        guard plain.utf8.count > longest || !plain.utf8.elementsEqual(name.utf8) || taken.contains(name) else { return name }
        return String(decoding: plain.utf8.prefix(longest - 9), as: UTF8.self) + "_" + hash(of: name)
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
            UInt8(ascii: "_"), UInt8(ascii: "-"):
            true
        default: false
        }
    }

    /// FNV-1a in eight hex digits, the same in every process: http://www.isthe.com/chongo/tech/comp/fnv/
    private static func hash(of name: String) -> String {
        let hash = name.utf8.reduce(UInt32(2_166_136_261)) { ($0 ^ UInt32($1)) &* 16_777_619 }
        let digits = String(hash, radix: 16)
        return String(repeating: "0", count: 8 - digits.utf8.count) + digits
    }
}
