import Gateway

extension FuzzTarget {
    /// `Cookie` headers, separated by line feeds.
    static let cookies = FuzzTarget(
        "cookies",
        corpus: [
            "agent=aaa.bbb.ccc; agent-refresh=r", "a=b; agent=1\nagent=2", "agent=\"x\"; $Version=1;agent ; agent==;;",
            " \tagent\t =\t v \t;theme=dark",
        ],
        words: ["agent=", "agent", "agent-refresh=", "__Host-agent=", "; ", ";", "=", "\"", "Agent=", " ", "\t", "\n", "agent=x;"]
    ) { input in
        let headers = input.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map { String(decoding: $0, as: UTF8.self) }
        let values = RequestCookies.values(of: "agent", in: headers)
        guard values.count <= headers.reduce(0, { $0 + $1.utf8.count(where: { $0 == UInt8(ascii: ";") }) + 1 }) else {
            return "more values than pairs"
        }
        for value in values {
            guard !value.utf8.contains(UInt8(ascii: ";")) else { return "a value that holds a semicolon" }
            for edge in [value.utf8.first, value.utf8.last] where edge == 0x20 || edge == 0x09 { return "a value with white space around it" }
            guard headers.contains(where: { $0.utf8.contains(value.utf8) }) else { return "a value that was not sent" }
        }
        return nil
    }
}
