import AgentRuntime
import AgentTesting
import Testing

@testable import Tools

/// Nothing that a person or a tool can write traps, and long messages stay cheap.
@Suite struct OfflineFuzzTests {
    private static let pieces = [
        "add", "remind me to", "milk", "and", ",", ".", ";", ":", "?", "!", "\n", "- ", "tomorrow", "on", "the", "5th", "in", "3", "days", "Friday",
        "next", "week", "3.12.", "2026-02-30",
        "99999999", "#3", "1-99", "mark", "as", "done", "is", "not", "what", "left", "show", "all", "everything", "it", "them", "delete", "rename",
        "to", "move", "by", "note", "of", "due",
        "\"", "“", "'", "”", "’", "plan", "undo", "yes", "the first two", "end of the month", "before", "a", "day", "from", "now", "29", "feb", "dec",
        "12/24", "i", "bought", "\u{0}", "🥛", "é",
        "e\u{301}", "\u{200D}", "\r\n", "…", "、", "ß", "İ",
    ]

    private static func message(_ generator: inout SeededGenerator) -> String {
        var message = ""
        for _ in 0..<Int.random(in: 1...12, using: &generator) {
            if Int.random(in: 0..<12, using: &generator) == 0, let scalar = Unicode.Scalar(UInt32.random(in: 0...0x10FFFF, using: &generator)) {
                message.unicodeScalars.append(scalar)
            } else {
                message += pieces.randomElement(using: &generator) ?? ""
            }
            if Int.random(in: 0..<8, using: &generator) > 0 { message += " " }
        }
        return message
    }

    @Test(arguments: 0..<8)
    func anyMessageIsRead(_ seed: Int) {
        var generator = SeededGenerator(seed: UInt64(seed))
        let days = ["2026-12-02", "2028-02-29", "9999-12-31", "0001-01-01"].map { Day($0) } + [nil]
        for round in 0..<400 {
            let message = OfflineFuzzTests.message(&generator)
            let intents = IntentGrammar(today: days[round % days.count]).intents(of: message)
            for case .add(let todos) in intents { #expect(todos.allSatisfy { !$0.title.isEmpty }, "\(message.debugDescription)") }
        }
    }

    @Test(arguments: 0..<4)
    func anyConversationComesToAnEnd(_ seed: Int) {
        var generator = SeededGenerator(seed: UInt64(seed))
        let outputs = [
            "", "{", "[]", "null", #"{"data":[{"id":1,"title":"milk","completed":false},{"id":"#, #"{"data":[],"has_more":true}"#,
            #"{"id":9223372036854775807,"title":""}"#,
        ]
        for _ in 0..<10 {
            var chat = OfflineChat("milk", "oat milk", "eggs")
            chat.tools.append("transfer_to_planner")
            for _ in 0..<4 {
                let tool = OfflineChat.todoTools.randomElement(using: &generator) ?? ""
                chat.failing = Bool.random(using: &generator) ? [:] : [tool: outputs.randomElement(using: &generator) ?? ""]
                let message = OfflineFuzzTests.message(&generator)
                #expect(chat.say(message)?.isEmpty == false, "\(message.debugDescription)")
            }
        }
    }

    /// Each would take minutes if any step were quadratic.
    @Test(arguments: ["a,", "what is a,", "mark x and ", "“a ", "\n- x ", "note on a and ", "add a, and with "])
    func longMessagesAreReadInLinearTime(_ piece: String) {
        let message = String(repeating: piece, count: 16_000 / piece.unicodeScalars.count)
        let start = ContinuousClock.now
        #expect(!IntentGrammar(today: Day("2026-12-02")).intents(of: message).isEmpty)
        #expect(ContinuousClock.now - start < .seconds(20))
    }
}
