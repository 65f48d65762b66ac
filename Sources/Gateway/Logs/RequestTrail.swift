import Synchronization

/// What became known of a request on its way in, for those who write it down on its way out.
final class RequestTrail: Sendable {
    private let state = Mutex<(user: String?, session: String?)>((nil, nil))

    /// Whose request it is, and in which session; nil where nobody is signed in.
    var signedIn: (user: String?, session: String?) {
        get { state.withLock { $0 } }
        set { state.withLock { $0 = newValue } }
    }
}
