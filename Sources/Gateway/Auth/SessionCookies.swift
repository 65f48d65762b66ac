import HTTPTypes

/// The two cookies of a session: their names, how they are set, cleared and read.
struct SessionCookies: Sendable {
    let accessName: String
    let refreshName: String
    private let isSecure: Bool

    /// - Parameter isSecure: Whether people reach the gateway over https; only there do browsers take the prefixes.
    init(isSecure: Bool) {
        // https://datatracker.ietf.org/doc/html/draft-ietf-httpbis-rfc6265bis#section-4.1.3
        accessName = isSecure ? "__Host-agent" : "agent"
        refreshName = isSecure ? "__Secure-agent-refresh" : "agent-refresh"
        self.isSecure = isSecure
    }

    /// The values of `Set-Cookie` for a session.
    func setting(_ session: IssuedSession) -> [String] {
        [
            cookie(accessName, session.accessToken, path: "/", maximumAge: session.accessLifetime),
            cookie(refreshName, session.refreshToken, path: "/api/auth", maximumAge: session.refreshLifetime),
        ]
    }

    /// The values of `Set-Cookie` that take both away, with the attributes that they were set with.
    var clearing: [String] {
        [cookie(accessName, "", path: "/", maximumAge: 0), cookie(refreshName, "", path: "/api/auth", maximumAge: 0)]
    }

    func accessToken(in headers: HTTPFields) throws(Problem) -> String? {
        try value(accessName, in: headers)
    }

    func refreshToken(in headers: HTTPFields) throws(Problem) -> String? {
        try value(refreshName, in: headers)
    }

    /// Whether any of the two was sent, be it empty.
    func arePresent(in headers: HTTPFields) -> Bool {
        [accessName, refreshName].contains { !RequestCookies.values(of: $0, in: headers[values: .cookie]).isEmpty }
    }

    private func cookie(_ name: String, _ value: String, path: String, maximumAge: Int64) -> String {
        "\(name)=\(value); Path=\(path); Max-Age=\(maximumAge); HttpOnly; SameSite=Lax\(isSecure ? "; Secure" : "")"
    }

    /// A name that is there twice is refused: which one is meant, a proxy and this server might decide differently.
    private func value(_ name: String, in headers: HTTPFields) throws(Problem) -> String? {
        let values = RequestCookies.values(of: name, in: headers[values: .cookie])
        guard values.count < 2 else { throw Problem(.malformedRequest, "The cookie \(name) was sent more than once.") }
        return values.first
    }
}
