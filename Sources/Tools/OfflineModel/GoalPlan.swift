import AgentRuntime

/// Steps towards a goal, from a template: what the built-in model can do without knowing the world.
///
/// To teach it a kind of goal, add a template; the first one that has a word of the goal is taken, the last one takes any.
struct GoalPlan: Sendable {
    /// The goal in the person's words.
    let goal: String
    let todos: [NewTodo]

    private struct Template: Sendable {
        let words: Set<String>
        /// `*` stands for the goal.
        let steps: [String]
    }

    private static let templates: [Template] = [
        Template(
            words: ["move", "moving", "relocation", "relocate"],
            steps: [
                "Set the date and the budget for *", "Book a van or movers for *", "Sort out and pack, room by room", "Change the address everywhere",
                "Hand over the old keys",
            ]
        ),
        Template(
            words: ["party", "birthday", "wedding", "celebration", "event", "dinner", "barbecue", "bbq", "reunion", "shower", "anniversary"],
            steps: [
                "Set the date and the budget for *", "Write the guest list for *", "Find a place for *", "Send the invitations",
                "Order food and drinks",
            ]
        ),
        Template(
            words: ["trip", "travel", "vacation", "holiday", "holidays", "journey", "flight", "honeymoon", "weekend", "visit", "tour"],
            steps: [
                "Choose the dates and the budget for *", "Book the travel for *", "Book a place to stay", "Check passports and papers", "Pack for *",
            ]
        ),
        Template(
            words: ["exam", "test", "study", "learn", "learning", "course", "language", "spanish", "certificate", "degree"],
            steps: [
                "Write down what to master for *", "Collect the material for *", "Set fixed hours for *", "Work through a first unit of *",
                "Check the progress on *",
            ]
        ),
        Template(
            words: ["thesis", "report", "essay", "paper", "book", "article", "presentation", "talk", "speech", "write", "writing", "proposal"],
            steps: [
                "Write the outline of *", "Collect the material for *", "Write the first draft of *", "Ask somebody to read *",
                "Revise and hand in *",
            ]
        ),
        Template(
            words: ["job", "career", "interview", "application", "hiring"],
            steps: [
                "List what matters for *", "Bring the CV up to date", "Pick three openings for *", "Send the applications",
                "Prepare for the interviews",
            ]
        ),
        Template(
            words: [
                "clean", "cleaning", "declutter", "garage", "house", "kitchen", "renovate", "renovation", "garden", "room", "flat", "apartment",
                "repair",
            ],
            steps: [
                "Walk through and list what * needs", "Buy or borrow the tools for *", "Clear the space for *", "Do the biggest part of *",
                "Finish and tidy up after *",
            ]
        ),
        Template(
            words: ["marathon", "fitness", "run", "running", "weight", "gym", "health", "training", "diet"],
            steps: [
                "Set a goal that can be measured for *", "Check the gear for *", "Fix three times a week for *", "Do the first session for *",
                "Look at the progress on *",
            ]
        ),
        Template(
            words: ["website", "app", "product", "launch", "startup", "business", "company", "project", "shop", "store", "software"],
            steps: [
                "Write down in one sentence what * is for", "List the smallest parts that make * useful", "Build the first part of *",
                "Show * to three people", "Fix what they found and launch *",
            ]
        ),
        Template(
            words: [],
            steps: ["Write down what done means for *", "List what is needed for *", "Do the first small step of *", "Set a day to look at * again"]
        ),
    ]

    /// The longest goal that fits into the titles of its steps.
    private static let longestGoal = 120

    init(_ text: String, dates: DateGrammar) {
        var phrase = Tokenizer.phrase(text).trimmed
        var due: Day?
        if let trailing = dates.trailingDay(phrase), case .day(let day) = trailing.spoken, !trailing.rest.isEmpty {
            due = day
            phrase = trailing.rest
        }
        goal = String(String.UnicodeScalarView(phrase.written.unicodeScalars.prefix(GoalPlan.longestGoal)))
        let words = Set(phrase.tokens.prefix(GoalPlan.longestGoal).flatMap { $0.folded.split(separator: " ").map(String.init) })
        let template = GoalPlan.templates.first { $0.words.isEmpty || !$0.words.isDisjoint(with: words) }
        todos = (template?.steps ?? []).map { [goal] in NewTodo(title: GoalPlan.filling($0, with: goal), due: due) }
    }

    private static func filling(_ step: String, with goal: String) -> String {
        step.split(separator: "*", omittingEmptySubsequences: false).joined(separator: goal)
    }
}
