/// A set of tools that is added as one, under one name.
public protocol ToolModule<Context>: Sendable {
    associatedtype Context: Sendable

    /// The name by which prompt files list the module.
    static var id: String { get }
    /// Changes when a tool's meaning does; recorded in tapes.
    static var version: String { get }

    var tools: [AnyTool<Context>] { get }
}
