import AgentRuntime
import AgentTesting

/// A model that answers the same way whenever it is asked the same: it adds a todo, completes it, and says so at length.
enum Assistant {
    static let lastWords = "All is done. " + String(repeating: "I say so again and again. ", count: 60)
    /// What a reader is shown when nothing was void.
    static let text = "I begin with milk. It is on the list. " + lastWords

    static func model() -> ScriptedModel {
        ScriptedModel(
            (0..<9).map { _ in
                .respond { request in
                    let made = request.input.count { if case .functionCallOutput = $0 { true } else { false } }
                    return answer(after: made)
                }
            }, pieceLength: 100)
    }

    private static func answer(after calls: Int) -> ModelResponse {
        switch calls {
        case 0: saying("I begin with milk. ", calling: "add_todo", #"{"title":"Milk"}"#)
        case 1: saying("It is on the list. ", calling: "complete_todo", #"{"id":1}"#)
        default: .said(lastWords)
        }
    }

    private static func saying(_ text: String, calling name: String, _ arguments: String) -> ModelResponse {
        ModelResponse(
            items: [.assistant(text), .functionCall(Item.FunctionCall(callID: name, name: name, arguments: arguments))], usage: Usage(requests: 1))
    }
}
