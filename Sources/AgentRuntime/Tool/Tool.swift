/// A function that a model can call: a type with `@Argument` properties and a body.
///
/// The user and everything else that must not come from the model is in the run context, never among the arguments.
public protocol Tool<Context>: Decodable, Sendable {
    associatedtype Context: Sendable
    /// The model reads a text as it is and anything else as JSON.
    associatedtype Output: Encodable & Sendable

    /// The name that the model calls; by default the type's name in snake_case.
    static var name: String { get }
    /// What the tool does, for the model.
    static var summary: String { get }
    /// `.external` unless said otherwise, the strictest.
    static var effect: ToolEffect { get }
    /// Whether a call takes something away for good; false unless said otherwise.
    static var isDestructive: Bool { get }
    /// Whether a call that was cut off may be made again under its key, `RunContext.call`; false unless said otherwise.
    static var isIdempotent: Bool { get }
    /// Nil for the runner's own limit.
    static var timeout: Duration? { get }
    /// Whether a person is asked before each call; false unless said otherwise.
    static var needsApproval: Bool { get }

    /// Makes the tool to read its declarations from.
    init()

    /// Does the work. A thrown `ToolFailure` is told to the model word for word, any other error as a fixed sentence.
    func call(in run: RunContext<Context>) async throws -> Output
}

extension Tool {
    public static var name: String { snakeCase(String(describing: Self.self)) }
    public static var effect: ToolEffect { .external }
    public static var isDestructive: Bool { false }
    public static var isIdempotent: Bool { false }
    public static var timeout: Duration? { .seconds(30) }
    public static var needsApproval: Bool { false }
}

/// `AddTodo` and `dueDate` to `add_todo` and `due_date`.
func snakeCase(_ name: String) -> String {
    var result = ""
    var previousIsLower = false
    for character in name {
        if character.isUppercase {
            if previousIsLower { result += "_" }
            result += character.lowercased()
            previousIsLower = false
        } else {
            result.append(character)
            previousIsLower = character.isLetter || character.isNumber
        }
    }
    return result
}
