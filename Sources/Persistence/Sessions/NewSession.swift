/// What a request says about the session that it begins.
public struct NewSession: Sendable {
    /// What a person may recognise the session by.
    public var userAgent: String?
    /// The id of the session that came with the request; it ends with the beginning of the new one, so that nobody can plant one.
    public var replacing: String?

    public init(userAgent: String? = nil, replacing: String? = nil) {
        self.userAgent = userAgent
        self.replacing = replacing
    }
}
