import CCurl

extension TransportError {
    /// Nil for a transfer that ended well. `detail` is libcurl's own text, which names hosts at most.
    init?(_ code: CURLcode, detail: String) {
        let text = detail.isEmpty ? String(cString: curl_easy_strerror(code)) : detail
        let reason = String(decoding: text.utf8.prefix(200).filter { (0x20...0x7E).contains($0) }, as: UTF8.self)
        switch code {
        case CURLE_OK: return nil
        case CURLE_URL_MALFORMAT: self = .refusedURL(reason)
        case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY: self = .couldNotResolve
        case CURLE_COULDNT_CONNECT: self = .couldNotConnect
        case CURLE_OPERATION_TIMEDOUT: self = .connectTimedOut
        case CURLE_UNSUPPORTED_PROTOCOL, CURLE_WEIRD_SERVER_REPLY: self = .malformedResponse(reason)
        // A peer that hangs up during the handshake has said nothing about trust.
        case CURLE_SSL_CONNECT_ERROR where reason.contains("SSL_ERROR_SYSCALL") || reason.contains("reset by peer"): self = .couldNotConnect
        case CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CERTPROBLEM, CURLE_SSL_CIPHER, CURLE_SSL_CACERT_BADFILE,
            CURLE_SSL_ENGINE_NOTFOUND, CURLE_SSL_ENGINE_SETFAILED, CURLE_SSL_ISSUER_ERROR, CURLE_SSL_INVALIDCERTSTATUS,
            CURLE_SSL_PINNEDPUBKEYNOTMATCH, CURLE_SSL_CLIENTCERT, CURLE_SSL_CRL_BADFILE, CURLE_USE_SSL_FAILED:
            self = .tls(reason)
        default: self = .connectionLost(reason)
        }
    }
}
