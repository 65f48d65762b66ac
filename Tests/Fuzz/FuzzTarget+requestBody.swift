import AgentRuntime

extension FuzzTarget {
    /// What clients send as JSON. What is taken is UTF-8 without NUL, and is read the same when it is written again.
    static let requestBody = FuzzTarget(
        "request-body",
        corpus: [
            #"{"title":"Milk","notes":null,"due":"2026-11-24","completed":false}"#, #"{"email":"ada@example.com","password":"seven quiet lanterns"}"#,
            #"{"message":"add milk \u00e9\ud83d\ude00","conversation_id":null,"n":[1,-2.5e3,0,true,{"a":{"b":[]}}]}"#,
            #"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]"#, "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", "-0.0e-0",
        ],
        words: [
            "{", "}", "[", "]", ",", ":", "\"", "\\", #"\u0000"#, #"\ud800"#, #"\udc00"#, #"\u"#, "null", "true", "NaN", "Infinity", "{\"title\":",
            "\"title\":1,\"title\":2", "1.0", "-", "0123", "[[[[[[[[", "{\"a\":", "\u{FEFF}",
        ]
    ) { input in
        // What models send is read by the same parser, less strictly.
        let tolerant = try? JSONValue(json: input)
        guard let value = try? JSONValue(json: input, as: .strict) else { return nil }
        guard tolerant != nil else { return "the strict dialect takes what the tolerant one refuses" }
        guard String(validating: input, as: UTF8.self) != nil else { return "it is not UTF-8" }
        guard let again = try? JSONValue(json: value.data, as: .strict) else { return "what it is written as is refused" }
        // -0.0 is written as -0, which is the whole number 0.
        guard (try? JSONValue(json: again.data, as: .strict))?.data == again.data else { return "it is written in two ways" }
        return value.data.contains(0) ? "it holds NUL" : nil
    }
}
