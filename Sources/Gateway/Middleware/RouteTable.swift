import HTTPTypes
import Hummingbird

/// The paths of the server, each with the methods that it takes.
struct RouteTable: Sendable {
    private let routes: [(path: RouterPath, method: HTTPRequest.Method)]

    init() {
        routes = []
    }

    init(_ router: Router<GatewayRequestContext>) {
        routes = router.routes.map { ($0.path, $0.method) }
    }

    /// The methods of a path, sorted; none for a path that is not served.
    func methods(of path: String) -> [HTTPRequest.Method] {
        let components = path.split(separator: "/")
        let methods = routes.filter { Self.matches($0.path, components) }.map(\.method)
        return Set(methods).sorted { $0.rawValue < $1.rawValue }
    }

    private static func matches(_ path: RouterPath, _ components: [Substring]) -> Bool {
        let isOpen = path.components.last == .recursiveWildcard
        let length = isOpen ? path.count - 1 : path.count
        guard isOpen ? length < components.count : length == components.count else { return false }
        return zip(path.prefix(length), components).allSatisfy { $0 ~= $1 }
    }
}
