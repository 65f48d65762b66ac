import AgentRuntime

/// What the offline model says of itself and to small talk.
enum OfflineTalk {
    /// Said at start-up, on the page and to whoever asks.
    static let introduction =
        "I am the built-in offline model: a set of rules for everyday English sentences about a todo list, not a language model. "
        + "To connect a real one, set OPENAI_API_KEY (or OPENAI_BASE_URL for a server of your own) and start the server again."

    private static let abilities = """
        I can keep your todo list. For example:
        - add milk and eggs for tomorrow
        - what's left? what's due this week?
        - done with milk, reopen 3
        - rename 2 to oat milk, note on 2: two liters
        - move the call to Friday, postpone 3 by two days
        - delete eggs, clear completed
        - plan my move
        """

    static func words(for talk: SmallTalk, today: Day?) -> String {
        switch talk {
        case .greeting: "Hello! Tell me what to add to your list, or ask “what's left?”."
        case .thanks: "You're welcome."
        case .farewell: "Goodbye!"
        case .help: abilities + "\n" + introduction
        case .identity: introduction
        case .today: today.map { "Today is \(DayPhrase(today: nil).describe($0))." } ?? "I was not told today's date."
        case .agreement: "All right."
        case .refusal: "All right, I changed nothing."
        case .whatToAdd: "What should I add?"
        }
    }

    /// For what the grammar does not understand; at length when there was nothing else in the message.
    static func unclear(_ text: String?, isAlone: Bool = true) -> String {
        let quoted = text.map { "“\(OfflineAnswer.shortened($0, to: 80))”" } ?? "that"
        guard isAlone else { return "I did not understand \(quoted)." }
        return "I did not understand \(quoted). \(introduction) I can add, list, complete, reopen, rename, move and delete todos; "
            + "say “help” for examples."
    }
}
