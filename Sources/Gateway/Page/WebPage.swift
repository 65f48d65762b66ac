import AgentRuntime
import HTTPTypes
import Hummingbird
import Mustache
import NIOCore

/// The page at `/`: files that are built into the program, and `index.html` with what the page must know of this server.
struct WebPage: Sendable {
    private let index: [UInt8]

    /// - Parameters:
    ///   - model: Which model answers; begins with `offline` when it is the built-in one.
    ///   - starters: What the page offers a person to begin with.
    init(model: String, starters: [String]) throws {
        let template = try MustacheTemplate(string: String(decoding: PackageResources.index_html, as: UTF8.self))
        let starters = JSONValue.array(starters.map(JSONValue.string)).text
        index = Array(template.render(["model": model, "starters": starters]).utf8)
    }

    func addRoutes<Context: RequestContext>(to router: some RouterMethods<Context>) {
        router.on(.page) { _, _ in WebPage.response(index, type: "text/html; charset=utf-8") }
        for (name, bytes) in WebPage.files {
            let type = WebPage.type(of: name)
            router.get(RouterPath(stringLiteral: "/" + name)) { _, _ in WebPage.response(bytes, type: type) }
        }
    }

    /// The files change with the program alone, but their names do not: a browser asks each time.
    private static func response(_ bytes: [UInt8], type: String) -> Response {
        Response(
            status: .ok,
            headers: [.contentType: type, .cacheControl: "no-cache"],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes))
        )
    }

    private static func type(of name: String) -> String {
        switch name.split(separator: ".").last {
        case "js": "text/javascript; charset=utf-8"
        case "css": "text/css; charset=utf-8"
        case "svg": "image/svg+xml"
        default: "application/octet-stream"
        }
    }
}
