/// What an agent is told before the conversation; made anew for each model call.
public struct Instructions<Context: Sendable>: Sendable {
    private let make: @Sendable (RunContext<Context>) async throws -> String

    public init(_ make: @escaping @Sendable (RunContext<Context>) async throws -> String) {
        self.make = make
    }

    /// Nil when there is nothing to say.
    func text(in run: RunContext<Context>) async throws -> String? {
        let text = try await make(run)
        return text.isEmpty ? nil : text
    }
}

extension Instructions: ExpressibleByStringInterpolation {
    public init(stringLiteral text: String) {
        self.init { _ in text }
    }
}
