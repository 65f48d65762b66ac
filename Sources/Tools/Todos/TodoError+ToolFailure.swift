import AgentRuntime
import Persistence

/// Tells the model what it can repair; other errors pass.
func repairable<Output>(_ work: () async throws -> Output) async throws -> Output {
    do {
        return try await work()
    } catch let error as TodoError {
        switch error {
        case .notFound(let number): throw ToolFailure("There is no todo \(number). Call list_todos for the numbers.")
        case .invalid(let field, let sentence): throw ToolFailure("'\(field)' is not valid: \(sentence)")
        }
    }
}
