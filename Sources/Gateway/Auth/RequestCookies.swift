/// Reads `Cookie` headers byte by byte: https://www.rfc-editor.org/rfc/rfc6265#section-4.2
package enum RequestCookies {
    /// Every value that was sent under exactly this name, in all the headers.
    package static func values(of name: String, in headers: [String]) -> [String] {
        headers.flatMap { header in
            header.utf8.split(separator: UInt8(ascii: ";")).compactMap { pair in
                guard let equals = pair.firstIndex(of: UInt8(ascii: "=")), trimmed(pair[..<equals]).elementsEqual(name.utf8) else { return nil }
                return String(decoding: trimmed(pair[pair.index(after: equals)...]), as: UTF8.self)
            }
        }
    }

    private static func trimmed(_ bytes: Substring.UTF8View) -> Substring.UTF8View {
        var bytes = bytes
        while let first = bytes.first, first == 0x20 || first == 0x09 { bytes.removeFirst() }
        while let last = bytes.last, last == 0x20 || last == 0x09 { bytes.removeLast() }
        return bytes
    }
}
