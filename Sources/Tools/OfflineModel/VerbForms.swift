/// Everyday verbs, to tell an errand (`call mom`) from a thing (`milk`) and `I bought the milk` from a plan.
enum VerbForms {
    /// What an errand starts with.
    static let actions: Set<String> = [
        "answer", "apply", "arrange", "ask", "assemble", "attend", "back", "bake", "book", "borrow", "bring", "brush", "build", "buy", "call",
        "cancel", "change", "charge", "check", "choose", "clean", "clear", "close", "collect", "compare", "complete", "confirm", "contact",
        "cook", "create", "cut", "decide", "deliver", "deposit", "discuss", "do", "donate", "download", "draft", "drive", "drop", "dust", "edit",
        "email", "empty", "enroll", "exercise", "feed", "file", "fill", "find", "finish", "fix", "fold", "follow", "get", "give", "go", "grab",
        "hang", "help", "hire", "hoover", "install", "invite", "iron", "join", "learn", "leave", "look", "mail", "make", "measure", "meet",
        "message", "mop", "mow", "move", "open", "order", "organise", "organize", "pack", "paint", "pay", "phone", "pick", "plan", "plant",
        "play", "post", "practice", "practise", "prepare", "print", "publish", "put", "read", "record", "register", "renew", "rent", "repair",
        "replace", "reply", "research", "reserve", "respond", "return", "review", "ring", "run", "schedule", "sell", "send", "set", "shave",
        "shovel", "sign", "sort", "start", "study", "stop", "submit", "sweep", "take", "talk", "tell", "test", "text", "thank", "throw", "tidy",
        "train", "translate", "transfer", "trim", "try", "turn", "unpack", "update", "upload", "use", "vacuum", "visit", "wait", "walk", "wash",
        "watch", "water", "wipe", "withdraw", "work", "wrap", "write",
    ]

    /// Errands so plain that the bare sentence adds them: `buy milk`.
    static let errands: Set<String> = [
        "buy", "call", "phone", "email", "pay", "book", "wash", "feed", "pick", "visit", "order", "return", "renew", "send", "fix", "text",
        "repair", "water", "mow", "iron", "vacuum", "hoover", "collect", "reserve", "submit", "walk", "clean", "pack", "mail", "grab",
    ]

    private static let irregular: [String: String] = [
        "ate": "eat", "began": "begin", "bought": "buy", "brought": "bring", "built": "build", "came": "come", "chose": "choose", "did": "do",
        "done": "do", "drove": "drive", "fed": "feed", "found": "find", "gave": "give", "got": "get", "gotten": "get", "had": "have",
        "held": "hold", "hung": "hang", "kept": "keep", "left": "leave", "made": "make", "met": "meet", "paid": "pay", "put": "put",
        "ran": "run", "rang": "ring", "read": "read", "sent": "send", "sold": "sell", "spoke": "speak", "swept": "sweep", "swam": "swim",
        "taken": "take", "talked": "talk", "threw": "throw", "told": "tell", "took": "take", "went": "go", "withdrew": "withdraw",
        "wrote": "write", "written": "write",
    ]
    /// Words in `-ed` that report nothing done.
    private static let noReport: Set<String> = [
        "need", "feed", "speed", "bed", "red", "wanted", "needed", "liked", "loved", "added", "deleted", "removed", "asked", "tried", "planned",
        "hoped", "failed", "wondered", "expected", "decided", "intended", "moved", "renamed", "changed", "indeed", "used", "noted", "mentioned",
        "supposed", "interested", "tired", "excited",
    ]

    /// The verb of a report such as `I bought`: its plain form, or the word without `-ed`.
    static func reported(_ word: String) -> String? {
        if let plain = irregular[word] { return plain }
        guard word.hasSuffix("ed"), word.utf8.count > 3, !noReport.contains(word) else { return nil }
        let stem = String(word.dropLast(2))
        if actions.contains(stem + "e") { return stem + "e" }
        if let last = stem.last, stem.dropLast().last == last, actions.contains(String(stem.dropLast())) { return String(stem.dropLast()) }
        if stem.hasSuffix("i"), actions.contains(stem.dropLast() + "y") { return stem.dropLast() + "y" }
        return stem
    }
}
