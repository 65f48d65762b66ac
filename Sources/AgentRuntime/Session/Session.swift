/// A conversation that a caller keeps between runs.
///
/// The runner reads it once at the start of a run, appends the new input at once, and each turn when it is whole, so that a session never
/// holds a call without its output.
public protocol Session: Sendable {
    func items() async throws -> [Item]
    func append(_ items: [Item]) async throws
}
