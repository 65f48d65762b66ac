import Hummingbird

extension Request {
    /// The parts of the path as the router sees them: empty ones do not count.
    var pathComponents: [Substring] { uri.path.split(separator: "/") }

    var isForAPI: Bool { pathComponents.first == "api" }

    /// Whether the method is one that changes nothing: https://www.rfc-editor.org/rfc/rfc9110#section-9.2.1
    var isSafe: Bool { [.get, .head, .options].contains(method) }
}
