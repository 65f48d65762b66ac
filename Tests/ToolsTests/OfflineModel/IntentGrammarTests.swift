import AgentRuntime
import Testing

@testable import Tools

/// Sentences as people write them on Wednesday, 2026-12-02, and what they mean.
@Suite struct IntentGrammarTests {
    private func expect(_ sentence: String, means expected: String, sourceLocation: SourceLocation = #_sourceLocation) {
        let intents = IntentGrammar(today: Day("2026-12-02")).intents(of: sentence)
        #expect(intents.map(\.summary).joined(separator: "; ") == expected, "\(sentence)", sourceLocation: sourceLocation)
    }

    @Test(arguments: [
        ("add milk", "add 'milk'"),
        ("Add milk and eggs for tomorrow", "add 'milk' 2026-12-03, 'eggs' 2026-12-03"),
        ("add X, Y and Z", "add 'X', 'Y', 'Z'"),
        ("add X, Y, and Z.", "add 'X', 'Y', 'Z'"),
        ("add milk tomorrow and eggs on Friday", "add 'milk' 2026-12-03, 'eggs' 2026-12-04"),
        ("remind me to call mom on Friday", "add 'call mom' 2026-12-04"),
        ("Remind me on Friday to call mom", "add 'call mom' 2026-12-04"),
        ("remind me tomorrow to take out the trash", "add 'take out the trash' 2026-12-03"),
        ("remind me about the dentist", "add 'dentist'"),
        ("I need to buy bread", "add 'buy bread'"),
        ("i have to finish the report by Friday", "add 'finish the report' 2026-12-04"),
        ("we need milk, eggs and bread", "add 'milk', 'eggs', 'bread'"),
        ("put milk on my list", "add 'milk'"),
        ("put milk on my list for tomorrow", "add 'milk' 2026-12-03"),
        ("add milk to my to-do list for tomorrow", "add 'milk' 2026-12-03"),
        ("new todo: water the plants", "add 'water the plants'"),
        ("todo: buy milk", "add 'buy milk'"),
        ("create a task to pay rent", "add 'pay rent'"),
        ("can you please add milk for me?", "add 'milk'"),
        ("Hi, could you add a reminder to water the plants on Sunday please", "add 'water the plants' 2026-12-06"),
        ("don't forget to pay rent by the 5th", "add 'pay rent' 2026-12-05"),
        ("don’t let me forget the passport", "add 'passport'"),
        ("add \"salt and pepper\" and \"fish & chips\" by Friday", "add 'salt and pepper' 2026-12-04, 'fish & chips' 2026-12-04"),
        ("add “milk tomorrow”", "add 'milk tomorrow'"),
        ("for tomorrow: milk, eggs", "add 'milk' 2026-12-03, 'eggs' 2026-12-03"),
        ("tomorrow I need to buy bread", "add 'buy bread' 2026-12-03"),
        ("next Friday remind me to call Bob", "add 'call Bob' 2026-12-11"),
        ("call mom tomorrow about the party", "add 'call mom about the party' 2026-12-03"),
        ("add dentist tomorrow at 10am", "add 'dentist at 10am' 2026-12-03"),
        ("I have a dentist appointment on Dec 14th", "add 'dentist appointment' 2026-12-14"),
        ("schedule dinner for Friday", "add 'dinner' 2026-12-04"),
        ("buy milk tomorrow", "add 'buy milk' 2026-12-03"),
        ("call mom", "add 'call mom'"),
        ("add Mr. Smith's birthday on Friday", "add 'Mr. Smith's birthday' 2026-12-04"),
        ("add milk with note two liters", "add 'milk' (two liters)"),
        ("add milk and milk", "add 'milk'"),
        ("add water the plants every Friday", "add 'water the plants every Friday'"),
        ("add shop for Black Friday", "add 'shop for Black Friday'"),
        ("add Monday meeting notes", "add 'Monday meeting notes'"),
        ("add read chapter 3.12", "add 'read chapter 3.12'"),
        ("add 🥛 for Heiligabend on 24 Dec", "add '🥛 for Heiligabend' 2026-12-24"),
        ("add", "whatToAdd"),
        ("add a todo", "whatToAdd"),
        ("Need to email Sarah about the budget by Friday", "add 'email Sarah about the budget' 2026-12-04"),
        ("put eggs, milk & butter on my shopping list", "add 'eggs', 'milk', 'butter'"),
        ("I've got to pick up the dry cleaning tomorrow", "add 'pick up the dry cleaning' 2026-12-03"),
        ("remind me to call mom and to buy milk", "add 'call mom', 'buy milk'"),
        ("add milk for tomorrow, eggs for Friday and bread", "add 'milk' 2026-12-03, 'eggs' 2026-12-04, 'bread'"),
        ("Tomorrow: buy milk, call mom", "add 'buy milk' 2026-12-03, 'call mom' 2026-12-03"),
        ("ADD MILK", "add 'MILK'"),
        ("add report (draft) for Monday", "add 'report (draft)' 2026-12-07"),
    ])
    func adds(_ sentence: String, _ expected: String) { expect(sentence, means: expected) }

    /// What `and` does: it separates things always, and errands only from errands.
    @Test(arguments: [
        ("add buy salt and pepper", "add 'buy salt and pepper'"),
        ("add buy milk and call mom", "add 'buy milk', 'call mom'"),
        ("add salt and pepper", "add 'salt and pepper'"),
        ("add salt, pepper", "add 'salt', 'pepper'"),
        ("add call mom, dad and grandma", "add 'call mom, dad and grandma'"),
        ("add milk, call mom and dad", "add 'milk', 'call mom and dad'"),
        ("add water and bread", "add 'water', 'bread'"),
        ("add wash and iron shirts", "add 'wash and iron shirts'"),
        ("add dinner with Tom and Jerry", "add 'dinner with Tom and Jerry'"),
        ("remind me to call mom on Friday and dad on Saturday", "add 'call mom' 2026-12-04, 'dad' 2026-12-05"),
        ("add call mom and finish the report", "add 'call mom', 'finish the report'"),
        ("I need to buy milk and delete old emails", "add 'buy milk and delete old emails'"),
        ("add milk and delete eggs", "add 'milk'; delete 'eggs'"),
        ("add milk and finish 2", "add 'milk'; complete #2"),
        ("add R&D budget", "add 'R&D budget'"),
    ])
    func separatesTodosSensibly(_ sentence: String, _ expected: String) { expect(sentence, means: expected) }

    @Test(arguments: [
        ("add:\n- milk\n- eggs\n- call mom tomorrow", "add 'milk', 'eggs', 'call mom' 2026-12-03"),
        ("Add these:\r\n* milk\r\n* eggs", "add 'milk', 'eggs'"),
        ("add milk. And eggs.", "add 'milk', 'eggs'"),
        ("add milk\n- eggs\nwhat's left?", "add 'milk', 'eggs'; list open"),
        ("1. milk\n2. eggs", "add 'milk', 'eggs'"),
        ("- milk\n- buy eggs", "add 'milk', 'buy eggs'"),
        ("Add: finish slides; call Anna; send invoice", "add 'finish slides', 'call Anna', 'send invoice'"),
    ])
    func readsListsOfLines(_ sentence: String, _ expected: String) { expect(sentence, means: expected) }

    @Test(arguments: [
        ("what's left?", "list open"), ("whats left", "list open"), ("What do I have to do", "list open"),
        ("what do I have to do today?", "list open due today"),
        ("show my list", "list open"), ("list", "list open"), ("my todos", "list open"), ("what is on my list", "list open"),
        ("show me everything", "list all"),
        ("list all tasks", "list all"), ("what's next?", "list open"), ("what should I do", "list open"), ("what's due today", "list open due today"),
        ("what's due this week?", "list open due this week"), ("what's on my plate for next week", "list open due next week"),
        ("what's due by Friday", "list open due by Friday, 4 Dec"),
        ("what is due in the next 3 days", "list open due in the next 3 days"), ("what's overdue", "list open overdue"),
        ("anything overdue?", "list open overdue"),
        ("do I have anything due on Friday?", "list open due Friday, 4 Dec"), ("am I free", "unclear"), ("today's todos", "list open due today"),
        ("show completed", "list completed"), ("completed tasks", "list completed"), ("which todos are done?", "list completed"),
        ("what did I do today?", "list completed"),
        ("what have I finished", "list completed"), ("show open todos without a due date", "list open undated"),
        ("how many todos do I have left?", "list open"),
        ("find milk", "list all about 'milk'"), ("search for \"oat milk\"", "list all about 'oat milk'"),
        ("todos about milk", "list open about 'milk'"),
        ("do I have milk on my list?", "list all about 'milk'"), ("tomorrow?", "list open due tomorrow"), ("remind me what's left", "list open"),
        ("is milk on my list?", "show 'milk'"), ("when is milk due?", "show 'milk'"), ("is milk done?", "show 'milk'"), ("show 3", "show #3"),
        ("what's #3?", "show #3"),
        ("what's due on 30 Feb", "refused: There is no such day as 30 Feb."),
        ("what do I need to do this week?", "list open due this week"),
        ("which tasks have no due date?", "list open undated"),
        ("what's coming up", "list open"),
        ("what does the note on 3 say?", "show #3"),
        ("what day is it?", "today"),
    ])
    func asks(_ sentence: String, _ expected: String) { expect(sentence, means: expected) }

    @Test(arguments: [
        ("done with milk", "complete 'milk'"), ("I bought the eggs", "complete 'eggs'"), ("mark 3 as done", "complete #3"),
        ("mark #3 done", "complete #3"),
        ("finish 1 and 2", "complete #1 + #2"), ("complete 1, 2 and 5", "complete #1 + #2 + #5"), ("complete 1-3", "complete #1 + #2 + #3"),
        ("complete 1 to 3", "complete #1 + #2 + #3"), ("complete todo 3", "complete #3"), ("milk is done", "complete 'milk'"),
        ("milk and eggs are done", "complete 'milk' + 'eggs'"),
        ("3 is done", "complete #3"), ("3 done", "complete #3"), ("done: milk", "complete 'milk'"), ("I'm done with the report", "complete 'report'"),
        ("I've paid the rent and called mom", "complete 'rent' + 'mom'"), ("check off milk", "complete 'milk'"),
        ("cross eggs off my list", "complete 'eggs'"),
        ("tick off the first one", "complete no. 1"), ("finish the first two", "complete no. 1 + no. 2"), ("complete the third", "complete no. 3"),
        ("done", "complete it"),
        ("did it!", "complete it"), ("mark it as done", "complete it"), ("mark them as done", "complete them"),
        ("complete the last one", "complete the last"),
        ("complete everything", "complete every all"), ("mark all as done", "complete every all"), ("all done", "complete every all"),
        ("complete everything due today", "complete every all due today"), ("mark milk and eggs as done", "complete 'milk' + 'eggs'"),
        ("I already took out the trash", "complete 'out the trash'"),
        ("task 4 is complete", "complete #4"),
        ("#2 done, #3 done", "complete #2 + #3"),
        ("the first two are done", "complete no. 1 + no. 2"),
        ("just paid the rent", "complete 'rent'"),
        ("eggs: done", "complete 'eggs'"),
    ])
    func completes(_ sentence: String, _ expected: String) { expect(sentence, means: expected) }

    @Test(arguments: [
        ("reopen 3", "reopen #3"), ("milk isn't done", "reopen 'milk'"), ("the report is not finished yet", "reopen 'report'"),
        ("mark milk as not done", "reopen 'milk'"),
        ("mark 2 as open", "reopen #2"), ("uncheck 2", "reopen #2"), ("I haven't bought the milk yet", "reopen 'milk'"),
        ("I didn't buy the milk", "reopen 'milk'"),
        ("not done with the report", "reopen 'report'"), ("put milk back on my list", "reopen 'milk'"), ("reopen it", "reopen it"), ("undo", "undo"),
        ("undo that", "undo"),
        ("make 3 open again", "reopen #3"),
        ("oops, milk is not done", "reopen 'milk'"),
        ("actually I didn't finish the report", "reopen 'report'"),
    ])
    func reopens(_ sentence: String, _ expected: String) { expect(sentence, means: expected) }

    @Test(arguments: [
        ("rename milk to oat milk", "rename 'milk' to 'oat milk'"), ("rename 3 to \"call mom and dad\"", "rename #3 to 'call mom and dad'"),
        ("change 2 to buy oat milk", "rename #2 to 'buy oat milk'"), ("change milk to oat milk", "rename 'milk' to 'oat milk'"),
        ("replace milk with oat milk", "rename 'milk' to 'oat milk'"), ("change the title of 2 to Oat Milk", "rename #2 to 'Oat Milk'"),
        ("rename milk to eggs. delete 3", "rename 'milk' to 'eggs'; delete #3"),
        ("rename eggs to a dozen eggs and move it to Friday", "rename 'eggs' to 'a dozen eggs'; move 'eggs' to 2026-12-04"),
        ("update 2: buy bread", "rename #2 to 'buy bread'"),
        ("call it \"oat milk\" instead", "rename it to 'oat milk'"),
    ])
    func renames(_ sentence: String, _ expected: String) { expect(sentence, means: expected) }

    @Test(arguments: [
        ("move milk to Friday", "move 'milk' to 2026-12-04"), ("move call to mom to Friday", "move 'call to mom' to 2026-12-04"),
        ("postpone 3 by two days", "move #3 by 2 days"),
        ("push the report back a week", "move 'report' by 1 weeks"), ("bring 3 forward by 2 days", "move #3 by -2 days"),
        ("snooze 3", "move #3 by 1 days"),
        ("make the call due 3 Dec", "move 'call' to 2026-12-03"), ("make it Friday", "move it to 2026-12-04"),
        ("change 2 to Friday", "move #2 to 2026-12-04"),
        ("set the due date of 2 to next Monday", "move #2 to 2026-12-07"), ("reschedule milk for tomorrow", "move 'milk' to 2026-12-03"),
        ("schedule 3 for Friday", "move #3 to 2026-12-04"),
        ("milk is due tomorrow", "move 'milk' to 2026-12-03"), ("the report can wait until Monday", "move 'report' to 2026-12-07"),
        ("move everything due today to tomorrow", "move every all due today to 2026-12-03"),
        ("move milk to 3.12. and eggs to Monday", "move 'milk' to 2026-12-03; move 'eggs' to 2026-12-07"),
        ("move milk and eggs to Friday", "move 'milk' + 'eggs' to 2026-12-04"), ("postpone milk", "move 'milk' to ?"),
        ("move milk to 30 Feb", "refused: There is no such day as 30 Feb."),
        ("move all overdue todos to today", "move every all overdue to 2026-12-02"), ("postpone it until next week", "move it to 2026-12-07"),
        ("remove the due date from milk", "clear the day of 'milk'"), ("clear 2's due date", "clear the day of '2's'"),
        ("milk has no due date", "clear the day of 'milk'"),
        ("no deadline for the report", "clear the day of 'report'"), ("unschedule 3", "clear the day of #3"),
        ("move the dentist from Monday to Tuesday", "move 'dentist' to 2026-12-08"),
        ("set a due date for milk: Friday", "move 'milk' to 2026-12-04"),
        ("reschedule to tomorrow", "move it to 2026-12-03"),
        ("postpone all of today's tasks to tomorrow", "move every all due today to 2026-12-03"),
        ("call mom should be due tomorrow", "move 'call mom' to 2026-12-03"),
    ])
    func reschedules(_ sentence: String, _ expected: String) { expect(sentence, means: expected) }

    @Test(arguments: [
        ("note on 2: get the organic one", "note on #2: get the organic one"), ("add a note to milk: two liters", "note on 'milk': two liters"),
        ("add a note to 2 that it must be organic", "note on #2: it must be organic"), ("note: cheap ones", "note on it: cheap ones"),
        ("add \"two liters\" to the notes of milk", "note on 'milk': two liters"), ("clear the note of 2", "clear the notes of #2"),
        ("remove the notes from milk", "clear the notes of 'milk'"),
        ("add note \"get 2%\" to milk", "note on 'milk': get 2%"),
    ])
    func notes(_ sentence: String, _ expected: String) { expect(sentence, means: expected) }

    @Test(arguments: [
        ("delete eggs", "delete 'eggs'"), ("remove 4", "delete #4"), ("delete #4, #5 and 6", "delete #4 + #5 + #6"),
        ("get rid of the eggs", "delete 'eggs'"),
        ("take milk off my list", "delete 'milk'"), ("remove milk from my list", "delete 'milk'"), ("cancel it", "delete it"),
        ("delete them", "delete them"),
        ("delete all milk todos", "delete all 'milk'"), ("I don't need eggs anymore", "delete 'eggs'"), ("delete everything", "delete every all"),
        ("clear my list", "delete every all"),
        ("clear completed", "delete every completed"), ("remove the completed ones", "delete every completed"),
        ("delete done todos", "delete every completed"),
        ("delete all finished tasks", "delete every completed"), ("clean up", "delete every completed"),
        ("delete everything due today", "delete every all due today"), ("delete", "delete ?"),
        ("delete overdue tasks", "delete every all overdue"),
        ("remove milk from the shopping list", "delete 'milk'"),
        ("start over", "delete every all"),
    ])
    func deletes(_ sentence: String, _ expected: String) { expect(sentence, means: expected) }

    @Test(arguments: [
        ("plan my move", "plan my move"), ("help me organise a party", "plan a party"),
        ("break down \"write thesis\" into steps", "plan write thesis"),
        ("Make a plan for the wedding", "plan the wedding"), ("can you help me plan a trip to Rome?", "plan a trip to Rome"),
        ("plan 3", "refused: Please name the goal in words, such as “plan my move”."),
    ])
    func plans(_ sentence: String, _ expected: String) { expect(sentence, means: expected) }

    @Test(arguments: [
        ("hi", "greeting"), ("Hello!", "greeting"), ("good morning", "greeting"), ("thanks", "thanks"), ("thank you very much", "thanks"),
        ("bye", "farewell"), ("help", "help"),
        ("what can you do?", "help"), ("who are you?", "identity"), ("are you ChatGPT?", "identity"), ("ok", "agreement"), ("no", "refusal"),
        ("never mind", "refusal"),
        ("what's the weather like?", "unclear"), ("write a poem about cats", "unclear"), ("2 + 2", "unclear"), ("Wie geht es dir?", "unclear"),
        ("asdf", "unclear"), ("i have a cat", "unclear"),
    ])
    func talks(_ sentence: String, _ expected: String) { expect(sentence, means: expected) }

    @Test(arguments: [
        ("add milk for tomorrow and mark eggs as done; what's left?", "add 'milk' 2026-12-03; complete 'eggs'; list open"),
        ("Add milk. Then complete eggs and tell me what's left.", "add 'milk'; complete 'eggs'; list open"),
        ("I bought milk, what's left?", "complete 'milk'; list open"),
        ("mark milk and eggs as done, add bread and show my list", "complete 'milk' + 'eggs'; add 'bread'; list open"),
        ("I finished the report and sent the invoice. What's next?", "complete 'report' + 'invoice'; list open"),
        ("delete eggs and complete milk", "delete 'eggs'; complete 'milk'"),
        ("milk is done and eggs are done", "complete 'milk' + 'eggs'"),
        ("hi, add milk, thanks", "add 'milk'"),
        ("add bread and make it due tomorrow", "add 'bread' 2026-12-03"),
        ("complete 3 and move it to Friday", "complete #3; move #3 to 2026-12-04"),
        ("remind me to buy milk and I need to call mom", "add 'buy milk', 'call mom'"),
        ("add milk for 31 Nov and complete 2", "refused: There is no such day as 31 Nov.; complete #2"),
        ("plan a birthday party for Dec 20 and add cake", "plan a birthday party for Dec 20; add 'cake'"),
    ])
    func takesSeveralWishesInOneMessage(_ sentence: String, _ expected: String) { expect(sentence, means: expected) }

    @Test(arguments: ["", " ", "\n\n", "?", "...", "\u{0}", "\"", "“”", "-", "#", ","])
    func nothingSaidIsNothingMeant(_ message: String) {
        #expect(IntentGrammar(today: Day("2026-12-02")).intents(of: message).allSatisfy { if case .unclear = $0 { true } else { false } })
    }
}
