import CCurl

/// An address as libcurl reads it, so that what is checked is what is connected to.
struct CurlURL {
    /// Scheme, host and port, in lower case.
    let origin: String
    let isTLS: Bool

    init(_ text: String) throws(TransportError) {
        guard !text.utf8.contains(0) else { throw .refusedURL("it holds a NUL byte") }
        guard let handle = curl_url() else { throw .refusedURL("libcurl is out of memory") }
        defer { curl_url_cleanup(handle) }
        let code = curl_url_set(handle, CURLUPART_URL, text, UInt32(CURLU_NON_SUPPORT_SCHEME))
        guard code == CURLUE_OK else { throw .refusedURL("it is not an absolute URL") }
        let scheme = Self.part(CURLUPART_SCHEME, of: handle)?.lowercased() ?? ""
        guard scheme == "http" || scheme == "https" else { throw .refusedURL("its scheme is neither http nor https") }
        guard Self.part(CURLUPART_USER, of: handle) == nil, Self.part(CURLUPART_PASSWORD, of: handle) == nil else {
            throw .refusedURL("it holds a user name or a password")
        }
        guard let host = Self.part(CURLUPART_HOST, of: handle), !host.isEmpty else { throw .refusedURL("it has no host") }
        let port = Self.part(CURLUPART_PORT, of: handle, flags: UInt32(CURLU_DEFAULT_PORT)) ?? ""
        origin = "\(scheme)://\(host.lowercased()):\(port)"
        isTLS = scheme == "https"
    }

    private static func part(_ part: CURLUPart, of handle: OpaquePointer, flags: UInt32 = 0) -> String? {
        var text: UnsafeMutablePointer<CChar>?
        guard curl_url_get(handle, part, &text, flags) == CURLUE_OK, let text else { return nil }
        defer { curl_free(text) }
        return String(cString: text)
    }
}
