import AgentRuntime
import Testing

@testable import Tools

@Suite struct OfflineTurnTests {
    @Test func addsBothTodosAndSaysWhatTheToolsAnswered() {
        var chat = OfflineChat()
        #expect(chat.say("add milk and eggs for tomorrow") == "Added “milk” (#1) and “eggs” (#2), both due tomorrow.")
        #expect(chat.calls == [#"add_todo {"due":"2026-12-03","title":"milk"}"#, #"add_todo {"due":"2026-12-03","title":"eggs"}"#])
        #expect(chat.list == ["milk 2026-12-03", "eggs 2026-12-03"])
    }

    @Test func listsWhatIsLeft() {
        var chat = OfflineChat("milk", "eggs", "bread")
        chat.say("done with eggs")
        #expect(chat.say("what's left?") == "You have 2 open todos:\n- #1 milk\n- #3 bread")
        #expect(chat.calls == [#"list_todos {"status":"open"}"#])
    }

    @Test func looksUpTitlesBeforeItActs() {
        var chat = OfflineChat("Oat milk", "eggs")
        #expect(chat.say("done with the milk") == "Marked “Oat milk” (#1) as done.")
        #expect(chat.calls == [#"list_todos {"status":"open"}"#, #"complete_todo {"id":1}"#])
    }

    @Test func numbersNeedNoLook() {
        var chat = OfflineChat("milk", "eggs")
        #expect(chat.say("finish 1 and 2") == "Marked “milk” (#1) and “eggs” (#2) as done.")
        #expect(chat.calls == [#"complete_todo {"id":1}"#, #"complete_todo {"id":2}"#])
    }

    @Test func doesSeveralThingsInTheOrderOfTheMessage() {
        var chat = OfflineChat("eggs")
        let answer = chat.say("add milk for tomorrow and mark eggs as done; what's left?")
        #expect(answer == "Added “milk” (#2), due tomorrow. Marked “eggs” (#1) as done.\nYou have 1 open todo:\n- #2 milk, due tomorrow")
        #expect(chat.calls.map { $0.prefix { $0 != " " } } == ["list_todos", "add_todo", "complete_todo", "list_todos"])
    }

    @Test func asksWhichOneIsMeantAndTakesTheAnswer() {
        var chat = OfflineChat("call the bank", "eggs", "call the bakery")
        #expect(chat.say("done with the call") == "Which “call” do you mean?\n- #1 call the bank\n- #3 call the bakery")
        #expect(chat.say("the bakery") == "Marked “call the bakery” (#3) as done.")
        #expect(chat.list == ["call the bank", "eggs", "[call the bakery]"])
    }

    @Test(arguments: [
        ("3", "call the bakery"), ("2", "call the bakery"), ("#1", "call the bank"), ("the second one", "call the bakery"),
        ("the last one", "call the bakery"), ("bank", "call the bank"),
    ])
    func answersPickACandidateByNumberPlaceOrWords(_ answer: String, _ title: String) {
        var chat = OfflineChat("call the bank", "eggs", "call the bakery")
        chat.say("delete the call")
        #expect(chat.say(answer)?.hasPrefix("Deleted “\(title)”") == true)
    }

    @Test func bothMeansTheOnesJustAskedAbout() {
        var chat = OfflineChat("call the bank", "eggs", "call the bakery")
        chat.say("delete the call")
        chat.say("both")
        #expect(chat.list == ["eggs"])
    }

    @Test func itIsTheTodoSpokenOfLast() {
        var chat = OfflineChat("milk", "eggs")
        chat.say("rename eggs to a dozen eggs")
        #expect(chat.say("move it to Friday") == "“a dozen eggs” (#2) is now due Friday, 4 Dec.")
        #expect(chat.say("mark it as done") == "Marked “a dozen eggs” (#2) as done.")
        #expect(chat.say("undo") == "Reopened “a dozen eggs” (#2).")
    }

    @Test func themAreTheTodosJustAdded() {
        var chat = OfflineChat("bread")
        chat.say("add milk and eggs")
        chat.say("move them to Friday")
        #expect(chat.list == ["bread", "milk 2026-12-04", "eggs 2026-12-04"])
    }

    @Test func itWithoutAnythingBeforeIsAskedAbout() {
        var chat = OfflineChat("milk", "eggs")
        #expect(chat.say("delete it") == "Which todo do you mean?\n- #1 milk\n- #2 eggs")
        #expect(chat.list == ["milk", "eggs"])
    }

    @Test func reschedulesByASpanFromTheTodosOwnDay() {
        var chat = OfflineChat("milk")
        chat.say("move milk to 31 Jan 2027")
        #expect(chat.say("postpone milk by a month") == "“milk” (#1) is now due 28 Feb 2027.")
        #expect(chat.say("bring it forward by 2 days") == "“milk” (#1) is now due 26 Feb 2027.")
    }

    @Test func asksForTheDayAndTakesTheAnswer() {
        var chat = OfflineChat("milk")
        #expect(chat.say("postpone milk") == "To which day? For example “to Friday” or “by two days”.")
        #expect(chat.say("to Friday") == "“milk” (#1) is now due Friday, 4 Dec.")
    }

    @Test func notesAreAddedToThoseThatAreThere() {
        var chat = OfflineChat("milk")
        chat.say("note on milk: two liters")
        chat.say("note on 1: the cheap one")
        #expect(chat.list == ["milk <two liters\nthe cheap one>"])
        #expect(chat.say("clear the notes of milk") == "Removed the notes of “milk” (#1).")
        #expect(chat.list == ["milk"])
    }

    @Test func everythingIsDeletedOnlyAfterAYes() {
        var chat = OfflineChat("milk", "eggs")
        #expect(chat.say("delete everything")?.hasPrefix("That would delete all 2 todos:\n- #1 milk\n- #2 eggs\n") == true)
        #expect(chat.list.count == 2)
        #expect(chat.say("yes") == "Deleted “milk” (#1) and “eggs” (#2).")
    }

    @Test func aYesIsToTheTodosThatWereShown() {
        var chat = OfflineChat("milk", "eggs")
        chat.say("delete everything")
        chat.addBesideTheChat("bread")
        chat.say("yes")
        #expect(chat.list == ["bread"])
    }

    @Test func everythingStaysAfterANo() {
        var chat = OfflineChat("milk")
        chat.say("clear my list")
        #expect(chat.say("no") == "All right, I changed nothing.")
        chat.say("yes")
        #expect(chat.list == ["milk"])
    }

    @Test func clearsWhatIsDone() {
        var chat = OfflineChat("milk", "eggs", "bread")
        chat.say("finish 1 and 3")
        #expect(chat.say("clear completed") == "Deleted “milk” (#1) and “bread” (#3).")
        #expect(chat.list == ["eggs"])
        #expect(chat.say("clear completed") == "I found no completed todo for that.")
    }

    @Test func whatIsDoneAlreadyIsSaidSo() {
        var chat = OfflineChat("milk")
        chat.say("done with milk")
        #expect(chat.say("done with milk") == "“milk” (#1) is already done.")
    }

    @Test func deletedTodosComeBackUnderANewNumber() {
        var chat = OfflineChat("milk")
        chat.say("move milk to Friday")
        chat.say("delete milk")
        #expect(chat.say("undo") == "Added “milk” (#2), due Friday, 4 Dec.")
    }

    @Test func aWordThatFitsNothingIsReported() {
        var chat = OfflineChat("milk")
        #expect(chat.say("delete eggs") == "I found no todo that matches “eggs”.")
        #expect(chat.list == ["milk"])
    }

    @Test func anAmbiguousDeletionOfAPartDeletesNothingElse() {
        var chat = OfflineChat("milk", "eggs")
        #expect(chat.say("delete oat milk") == "I found no todo that matches “oat milk”.")
        #expect(chat.list == ["milk", "eggs"])
    }

    // MARK: Truth

    @Test func failedCallsAreSaidTruthfully() {
        var chat = OfflineChat("milk")
        #expect(chat.say("delete 9") == "I could not delete #9: There is no todo 9. Call list_todos for the numbers.")
        chat.failing = ["add_todo": "An error occurred while running the tool. Please try again."]
        #expect(chat.say("add eggs") == "I could not add “eggs”: An error occurred while running the tool. Please try again.")
        chat.failing = ["list_todos": "Tool 'list_todos' timed out after 30 seconds."]
        #expect(chat.say("what's left?") == "I could not read your list: Tool 'list_todos' timed out after 30 seconds.")
        #expect(chat.say("done with milk") == "I could not read your list: Tool 'list_todos' timed out after 30 seconds.")
    }

    @Test func aToolThatDidSomethingElseIsNotBelieved() {
        var chat = OfflineChat("milk")
        chat.failing = ["complete_todo": #"{"id":1,"title":"milk","notes":null,"due":null,"completed":false}"#]
        #expect(chat.say("complete 1") == "The tool took the change to #1, but now says: “milk”, open, without a due date.")
    }

    @Test func toolsThatAreNotOfferedAreNotCalled() {
        var chat = OfflineChat("milk")
        chat.tools = ["list_todos"]
        #expect(chat.say("delete milk") == "I cannot do that here: the tool delete_todo is not among mine.")
        #expect(chat.calls.isEmpty)
        chat.tools = OfflineChat.todoTools
        chat.settings.toolChoice = ToolChoice.none
        chat.say("delete milk")
        #expect(chat.calls.isEmpty)
    }

    @Test func callsGoOneByOneWhenTheyMayNotBeParallel() {
        var chat = OfflineChat()
        chat.settings.parallelToolCalls = false
        #expect(chat.say("add milk, eggs and bread") == "Added “milk” (#1), “eggs” (#2) and “bread” (#3).")
        #expect(chat.items.count == 1 + 6 + 1)
    }

    @Test func impossibleDatesChangeNothing() {
        var chat = OfflineChat("milk")
        #expect(chat.say("add eggs for 30 Feb") == "There is no such day as 30 Feb.")
        #expect(chat.calls.isEmpty)
    }

    @Test func withoutTodayItAsksForTheDate() {
        var chat = OfflineChat()
        chat.instructions = "You look after a todo list."
        #expect(chat.say("add milk for tomorrow") == "I was not told today's date, so please give me the day as YYYY-MM-DD.")
        #expect(chat.say("add milk for 2026-12-24") == "Added “milk” (#1), due 24 Dec 2026.")
    }

    @Test func saysWhatItIsWhenItCannotFollow() {
        var chat = OfflineChat()
        let answer = chat.say("what's the weather like?")
        #expect(answer?.contains("built-in offline model") == true)
        #expect(answer?.contains("OPENAI_API_KEY") == true)
        #expect(chat.calls.isEmpty)
    }

    // MARK: Long lists

    @Test func readsFurtherPages() {
        var chat = OfflineChat("a1", "a2", "a3", "a4", "a5", "milk", "eggs")
        chat.pageSize = 3
        #expect(chat.say("done with milk") == "Marked “milk” (#6) as done.")
        #expect(chat.say("what's left?") == "You have 6 open todos:\n- #1 a1\n- #2 a2\n- #3 a3\n- #4 a4\n- #5 a5\n- #7 eggs")
    }

    @Test func searchesForWhatThePagesDoNotHold() {
        var chat = OfflineChat("a1", "a2", "a3", "a4", "milk", "eggs")
        chat.pageSize = 1
        #expect(chat.say("done with milk and note on 6: brown") == "Marked “milk” (#5) as done. “eggs” (#6) now has the note “brown”.")
    }

    @Test func aListThatWasCutIsReadAsFarAsItGoes() {
        var chat = OfflineChat("milk", "eggs")
        let whole = #"{"after":2,"data":[{"completed":false,"due":null,"id":1,"notes":null,"title":"milk"},{"completed":false,"due":null,"id":2,"no"#
        chat.failing = ["list_todos": whole + "\n[cut: 9000 bytes, the first 8192 shown]"]
        #expect(chat.say("what's left?")?.hasPrefix("You have 3 open todos:\n- #1 milk") == true)
    }

    @Test func oneMessageChangesABoundedNumberOfTodos() {
        var chat = OfflineChat()
        let titles = (1...40).map { "\"thing \($0)\"" }.joined(separator: ", ")
        #expect(chat.say("add \(titles)")?.hasSuffix("I change at most 16 todos at a time, so 24 are left; say it again to go on.") == true)
        #expect(chat.calls.count == 16)
    }

    // MARK: Planning

    @Test func handsOverAndPlansFromATemplate() {
        var chat = OfflineChat()
        chat.tools.append("transfer_to_planner")
        let answer = chat.say("plan my move")
        #expect(chat.handoffs == ["transfer_to_planner"])
        #expect(answer?.hasPrefix("I made 5 steps for “my move” from my built-in template and put them on your list:\n- #1 Set the date") == true)
        #expect((3...5).contains(chat.list.count))
    }

    @Test func doesTheRestBeforeItHandsOver() {
        var chat = OfflineChat()
        chat.tools.append("transfer_to_planner")
        chat.say("plan a birthday party for Dec 20 and add cake")
        #expect(chat.list.first == "cake")
        #expect(chat.list.count == 6)
        #expect(chat.list.dropFirst().allSatisfy { $0.hasSuffix("2026-12-20") })
    }

    @Test func plansItselfWithoutAPlanner() {
        var chat = OfflineChat()
        chat.say("help me learn Spanish")
        #expect(chat.list.contains("Write down what to master for learn Spanish"))
    }

    @Test func theGoalOfATransferNeedsNoVerb() {
        var chat = OfflineChat()
        chat.tools.append("transfer_to_planner")
        chat.say("help me with the garden")
        #expect(chat.list.contains("Buy or borrow the tools for the garden"))
    }
}
