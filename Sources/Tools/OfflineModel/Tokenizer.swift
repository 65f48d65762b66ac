/// Cuts a message into tokens in one pass, in time linear in its length.
struct Tokenizer {
    private let source: [Unicode.Scalar]
    private var position = 0
    private var tokens: [Token] = []
    /// Closing quotation marks known not to come any more, so that no mark is searched twice.
    private var exhausted: Set<Unicode.Scalar> = []

    private init(_ text: String) {
        source = Array(text.unicodeScalars)
    }

    static func phrase(_ text: String) -> Phrase {
        var tokenizer = Tokenizer(text)
        tokenizer.run()
        return Phrase(source: tokenizer.source, tokens: tokenizer.tokens[...])
    }

    private mutating func run() {
        while position < source.count {
            let scalar = source[position]
            if Tokenizer.isLineBreak(scalar) {
                emitMark("\n", length: 1)
            } else if Tokenizer.isSpace(scalar) {
                position += 1
            } else if !takeQuotation() {
                takeChunk()
            }
        }
    }

    // MARK: Quotations

    private static let closing: [Unicode.Scalar: Unicode.Scalar] = [
        "\"": "\"", "“": "”", "„": "“", "«": "»", "'": "'", "‘": "’", "`": "`",
    ]

    private mutating func takeQuotation() -> Bool {
        guard let close = Tokenizer.closing[source[position]], !exhausted.contains(close) else { return false }
        var end = position + 1
        while end < source.count, !closes(close, at: end) { end += 1 }
        guard end < source.count else {
            exhausted.insert(close)
            return false
        }
        let text = Phrase.collapsingSpace(source[(position + 1)..<end])
        if !text.isEmpty {
            tokens.append(Token(kind: .quoted, text: text, folded: Tokenizer.fold(text), range: position..<(end + 1)))
        }
        position = end + 1
        return true
    }

    /// An apostrophe inside a word ends no quotation.
    private func closes(_ close: Unicode.Scalar, at index: Int) -> Bool {
        guard source[index] == close else { return false }
        guard close == "'" || close == "’" else { return true }
        return index + 1 >= source.count || !Tokenizer.isLetterOrDigit(source[index + 1])
    }

    // MARK: Words and marks

    private static let marks: Set<Unicode.Scalar> = [",", ";", ":", ".", "!", "?", "…", "，", "、", "。", "？", "！"]
    private static let bullets: Set<Unicode.Scalar> = ["-", "–", "—", "*", "•"]

    private mutating func takeChunk() {
        let start = position
        var end = start
        while end < source.count, !Tokenizer.isSpace(source[end]), !isSeparator(at: end, from: start) { end += 1 }
        if end == start {
            emitMark(Tokenizer.asciiMark(source[start]), length: 1)
            return
        }
        var core = end
        while core > start, Tokenizer.marks.contains(source[core - 1]) { core -= 1 }
        if core < end, source[core] == ".", Tokenizer.isNumericDate(source[start..<core]) { core += 1 }
        if core > start { emitWord(start..<core) }
        position = max(position, core)
        while position < end { emitMark(Tokenizer.asciiMark(source[position]), length: 1) }
    }

    /// Commas and semicolons cut a chunk, and a colon after letters does, so that `milk,eggs` is three tokens and `10:30` and `1,000` are one.
    private func isSeparator(at index: Int, from start: Int) -> Bool {
        let next = index + 1 < source.count ? source[index + 1] : " "
        switch source[index] {
        case ";", "，", "、", "。", "？", "！", "…": return true
        case ",": return index == start || !(Tokenizer.isDigit(source[index - 1]) && Tokenizer.isDigit(next))
        case ":": return index == start || (!Tokenizer.isDigit(source[index - 1]) && next != "/")
        case ".", "!", "?": return index == start
        default: return false
        }
    }

    private mutating func emitMark(_ mark: String, length: Int) {
        tokens.append(Token(kind: .mark, text: mark, folded: mark, range: position..<(position + length)))
        position += length
    }

    private mutating func emitWord(_ range: Range<Int>) {
        let scalars = source[range]
        if scalars.count == 1, let only = scalars.first, Tokenizer.bullets.contains(only) {
            position = range.lowerBound
            return emitMark("-", length: 1)
        }
        if isListNumber(range) {
            position = range.lowerBound
            return emitMark("-", length: range.count + 1)
        }
        let text = Tokenizer.string(scalars)
        if let number = Tokenizer.number(scalars) {
            tokens.append(Token(kind: .number(number), text: text, folded: String(number), range: range))
            return
        }
        for word in Tokenizer.expanded(Tokenizer.fold(text)) {
            tokens.append(Token(kind: .word, text: text, folded: word, range: range))
        }
    }

    /// `1.` at the start of a line is a bullet, unless it begins a date such as `3. December`.
    private func isListNumber(_ range: Range<Int>) -> Bool {
        guard tokens.last.map({ $0.isMark("\n") }) ?? true, range.count <= 2, source[range].allSatisfy(Tokenizer.isDigit) else { return false }
        let dot = range.upperBound
        guard dot + 1 < source.count, source[dot] == ".", source[dot + 1] == " " else { return false }
        let next = source[(dot + 1)...].drop(while: Tokenizer.isSpace).prefix(9).prefix { $0.properties.isAlphabetic }
        return CalendarWords.months[Tokenizer.fold(Tokenizer.string(next))] == nil
    }

    // MARK: Folding

    /// Contractions the grammar reads as two words; everything else keeps its apostrophe (`mom's birthday`).
    private static let contractions: [String: [String]] = [
        "what's": ["what", "is"], "whats": ["what", "is"], "that's": ["that", "is"], "thats": ["that", "is"], "it's": ["it", "is"],
        "who's": ["who", "is"], "when's": ["when", "is"], "where's": ["where", "is"], "how's": ["how", "is"], "there's": ["there", "is"],
        "everything's": ["everything", "is"], "isn't": ["is", "not"], "isnt": ["is", "not"], "aren't": ["are", "not"], "arent": ["are", "not"],
        "wasn't": ["is", "not"], "don't": ["do", "not"], "dont": ["do", "not"], "didn't": ["did", "not"], "didnt": ["did", "not"],
        "haven't": ["have", "not"], "havent": ["have", "not"], "hasn't": ["has", "not"], "can't": ["can", "not"], "cannot": ["can", "not"],
        "i've": ["i", "have"], "ive": ["i", "have"], "i'm": ["i", "am"], "im": ["i", "am"], "i'd": ["i", "would"], "i'll": ["i", "will"],
        "we've": ["we", "have"], "let's": ["let", "us"], "lets": ["let", "us"], "gotta": ["have", "to"], "wanna": ["want", "to"], "&": ["and"],
        "+": ["and"], "to-do": ["todo"], "to-dos": ["todos"], "todo's": ["todos"], "pls": ["please"], "plz": ["please"],
    ]

    private static func expanded(_ word: String) -> [String] {
        contractions[word] ?? [word]
    }

    static func fold(_ text: String) -> String {
        var folded = String.UnicodeScalarView()
        for scalar in text.lowercased().unicodeScalars {
            switch scalar {
            case "’", "‘", "ʼ", "`": folded.append("'")
            case "(", ")", "[", "]", "{", "}", "\"", "“", "”", "„", "«", "»": break
            default: folded.append(scalar)
            }
        }
        return String(folded)
    }

    // MARK: Scalars

    private static func string(_ scalars: ArraySlice<Unicode.Scalar>) -> String {
        var view = String.UnicodeScalarView()
        view.append(contentsOf: scalars)
        return String(view)
    }

    private static func number(_ scalars: ArraySlice<Unicode.Scalar>) -> Int? {
        let digits = scalars.first == "#" ? scalars.dropFirst() : scalars
        guard (1...9).contains(digits.count) else { return nil }
        var value = 0
        for digit in digits {
            guard isDigit(digit) else { return nil }
            value = value * 10 + Int(digit.value - 48)
        }
        return value
    }

    /// `3.12` or `03.12`, whose last dot belongs to it.
    private static func isNumericDate(_ scalars: ArraySlice<Unicode.Scalar>) -> Bool {
        let parts = scalars.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 2 && parts.allSatisfy { (1...2).contains($0.count) && $0.allSatisfy(isDigit) }
    }

    private static func asciiMark(_ scalar: Unicode.Scalar) -> String {
        switch scalar {
        case "，", "、": ","
        case "。", "…": "."
        case "？": "?"
        case "！": "!"
        default: String(Character(scalar))
        }
    }

    static func isDigit(_ scalar: Unicode.Scalar) -> Bool { ("0"..."9").contains(scalar) }

    private static func isLetterOrDigit(_ scalar: Unicode.Scalar) -> Bool {
        isDigit(scalar) || scalar.properties.isAlphabetic
    }

    private static func isLineBreak(_ scalar: Unicode.Scalar) -> Bool {
        (0x0A...0x0D).contains(scalar.value) || scalar == "\u{85}" || scalar == "\u{2028}" || scalar == "\u{2029}"
    }

    static func isSpace(_ scalar: Unicode.Scalar) -> Bool {
        scalar.value < 0x80 ? scalar == " " || (0x09...0x0D).contains(scalar.value) || scalar.value == 0 : scalar.properties.isWhitespace
    }
}
