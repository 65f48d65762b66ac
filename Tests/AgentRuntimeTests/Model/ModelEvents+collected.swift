import AgentRuntime
import AgentTesting

extension Model {
    /// Everything that the model answers.
    func events(for request: ModelRequest) async throws -> [ModelEvent] {
        var events: [ModelEvent] = []
        for try await event in respond(to: request) { events.append(event) }
        return events
    }

    /// The response at the end, if there is one.
    func response(to request: ModelRequest) async throws -> ModelResponse? {
        try await events(for: request).compactMap { if case .completed(let response) = $0 { response } else { nil } }.first
    }
}

/// The two wire APIs, each behind fixed answers.
enum WireAPI: String, CaseIterable {
    case responses, chat

    func model(_ transport: any Transport, key: String? = "sk-secret", baseURL: String = "http://models.test/v1") -> any Model {
        let endpoint = ModelEndpoint(baseURL: baseURL, apiKey: key.map { APIKey($0) })
        return switch self {
        case .responses: ResponsesModel(name: "m", endpoint: endpoint, transport: transport)
        case .chat: ChatCompletionsModel(name: "m", endpoint: endpoint, transport: transport)
        }
    }

    /// A whole stream that says "Hello 🌍" in two pieces.
    var stream: String {
        switch self {
        case .responses:
            """
            event: response.created
            data: {"type":"response.created","response":{"id":"resp_1","status":"in_progress","output":[]}}

            data: {"type":"response.output_text.delta","output_index":0,"delta":"Hello "}

            data: {"type":"response.output_text.delta","output_index":0,"delta":"🌍"}

            data: {"type":"response.completed","response":{"id":"resp_1","status":"completed","error":null,"output":[{"type":"message",\
            "id":"msg_1","role":"assistant","status":"completed","content":[{"type":"output_text","text":"Hello 🌍","annotations":[]}]}],\
            "usage":{"input_tokens":7,"input_tokens_details":{"cached_tokens":4},"output_tokens":3,"output_tokens_details":\
            {"reasoning_tokens":1},"total_tokens":10}}}


            """
        case .chat:
            """
            data: {"id":"chat_1","choices":[{"index":0,"delta":{"role":"assistant","content":null},"finish_reason":null}]}

            data: {"id":"chat_1","choices":[{"index":0,"delta":{"content":"Hello "},"finish_reason":null}]}

            data: {"id":"chat_1","choices":[{"index":0,"delta":{"content":"🌍"},"finish_reason":null}]}

            data: {"id":"chat_1","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}

            data: {"id":"chat_1","choices":[],"usage":{"prompt_tokens":7,"completion_tokens":3,"total_tokens":10,\
            "prompt_tokens_details":{"cached_tokens":4},"completion_tokens_details":{"reasoning_tokens":1}}}

            data: [DONE]


            """
        }
    }

    /// A stream of everything: reasoning, text in two pieces, a refusal, and two calls in pieces.
    var everything: String {
        let chunks: [JSONValue] =
            switch self {
            case .responses:
                [
                    ["type": "response.reasoning_summary_text.delta", "delta": "Hé"], ["type": "response.output_text.delta", "delta": "é€"],
                    ["type": "response.output_text.delta", "delta": "🌍\r\n"],
                    ["type": "response.output_item.done", "output_index": 1, "item": Item.call("add", #"{"a":"€"}"#, id: "c1").json],
                    ["type": "response.output_item.done", "output_index": 0, "item": Item.assistant("é€🌍\r\n").json],
                    ["type": "response.completed", "response": ["status": "completed", "output": []]],
                ]
            case .chat:
                [
                    ["reasoning_content": "Hé"], ["content": "é€"], ["content": "🌍\r\n"], ["refusal": "Nö"],
                    ["tool_calls": [["index": 0, "id": "c1", "function": ["name": "add", "arguments": #"{"a":"#]]]],
                    ["tool_calls": [["index": 1, "id": "c2", "function": ["name": "add", "arguments": "{}"]]]],
                    ["tool_calls": [["index": 0, "function": ["arguments": #""€"}"#]]]],
                ].map { delta in ["choices": [["index": 0, "delta": delta]]] }
                    + [["choices": [["index": 0, "delta": [:], "finish_reason": "tool_calls"]]]]
            }
        return chunks.map { "data: \($0.text)\n\n" }.joined()
    }

    /// The same in one piece.
    var whole: JSONValue {
        switch self {
        case .responses:
            [
                "id": "resp_1", "status": "completed",
                "output": [["type": "message", "id": "msg_1", "role": "assistant", "content": [["type": "output_text", "text": "Hello 🌍"]]]],
                "usage": [
                    "input_tokens": 7, "input_tokens_details": ["cached_tokens": 4], "output_tokens": 3,
                    "output_tokens_details": ["reasoning_tokens": 1], "total_tokens": 10,
                ],
            ]
        case .chat:
            [
                "id": "chat_1", "choices": [["index": 0, "message": ["role": "assistant", "content": "Hello 🌍"], "finish_reason": "stop"]],
                "usage": [
                    "prompt_tokens": 7, "completion_tokens": 3, "total_tokens": 10, "prompt_tokens_details": ["cached_tokens": 4],
                    "completion_tokens_details": ["reasoning_tokens": 1],
                ],
            ]
        }
    }
}

extension ModelRequest {
    /// What the wire tests ask.
    static let hello = ModelRequest(instructions: "Be brief.", input: [.user("Hi")])
    static let helloAtOnce = ModelRequest(instructions: "Be brief.", input: [.user("Hi")], isStreamed: false)
}
