extension Phrasebook {
    static let smallTalk: [IntentRule] = [
        IntentRule(
            firmness: .never,
            "hi|hello|hey|hiya|howdy|yo|greetings [there|again|you]",
            "good_morning|good_afternoon|good_evening|good_day",
            "how are you [doing] [today]"
        ) { _ in .talk(.greeting) },
        IntentRule(
            firmness: .never,
            "thanks|thank_you|thx|ty|cheers [so|very] [much|a_lot|again|kindly]",
            "many thanks",
            "thanks for {text}",
            "thank you for {text}"
        ) { _ in .talk(.thanks) },
        IntentRule(
            firmness: .never,
            "bye|goodbye|bye_bye|ciao|farewell|good_night",
            "see you [later|soon|tomorrow]"
        ) { _ in .talk(.farewell) },
        IntentRule(
            "help [me] [please]",
            "what can you do [for_me]",
            "what can i do|say|ask|type [here]",
            "how do|can i use this|you|it",
            "how does this|it work",
            "commands|usage|manual",
            "what are you able to do",
            "what do you do|understand|know",
            "what else can you do",
            "how do you work",
            "i need help"
        ) { _ in .talk(.help) },
        IntentRule(
            "who|what are you",
            "what|which model are|is you|this|it",
            "are you a|an|the {text}",
            "are you real|human|ai|chatgpt|gpt|alive|offline|online",
            "what is your name",
            "who made you",
            "is this a|an|the real|actual {text}"
        ) { _ in .talk(.identity) },
        IntentRule(
            "what day|date is it|today [today]",
            "what is today|the_date|the_day|today's_date [today]",
            "which day is it|today [today]"
        ) { _ in .talk(.today) },
        IntentRule(
            firmness: .never,
            "yes|ok|okay|sure|great|cool|nice|perfect|good|awesome|alright|fine|yep|yeah|wonderful|super|excellent|right",
            "got it",
            "that|this|it is|was [very|really|so] great|good|nice|perfect|awesome|cool|helpful|right",
            "well done",
            "good job",
            "sounds good"
        ) { _ in .talk(.agreement) },
        IntentRule(
            firmness: .never,
            "no|nope|nah|cancel|stop|nothing|nevermind",
            "never mind",
            "forget it",
            "no thanks",
            "no thank you"
        ) { _ in .talk(.refusal) },
    ]
}
