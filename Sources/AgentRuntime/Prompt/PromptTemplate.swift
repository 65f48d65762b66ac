import Mustache

/// Instructions with placeholders: plain text, so nothing is escaped for HTML.
struct PromptTemplate: Sendable {
    private let template: MustacheTemplate
    /// The names the template asks for, with their lines.
    let placeholders: [PromptFile.Entry]

    init(_ text: String, path: String, firstLine: Int) throws {
        let trimmed = text.trimmingNewlines()
        placeholders = PromptTemplate.placeholders(in: text, firstLine: firstLine)
        do {
            template = try MustacheTemplate(string: "{{% CONTENT_TYPE:TEXT}}" + trimmed)
        } catch let error as MustacheTemplate.ParserError {
            let offset = error.context.lineNumber - 1 + text.prefix(while: \.isNewline).count
            throw PromptError(file: path, line: firstLine + offset, "the template cannot be read: \(error.error).")
        }
    }

    /// Keys with a dot are looked up as a path.
    func render(_ values: [String: String]) -> String {
        var root: [String: Any] = [:]
        for (key, value) in values {
            let path = key.split(separator: ".", maxSplits: 1).map(String.init)
            guard path.count == 2 else { root[key] = value; continue }
            var inner = root[path[0]] as? [String: String] ?? [:]
            inner[path[1]] = value
            root[path[0]] = inner
        }
        return template.render(root)
    }

    private static func placeholders(in text: String, firstLine: Int) -> [PromptFile.Entry] {
        var found: [PromptFile.Entry] = []
        for (offset, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
            for part in line.split(separator: "{{", omittingEmptySubsequences: false).dropFirst() {
                guard let first = part.first, !"!%=>".contains(first) else { continue }
                let name = part.prefix { !"}|".contains($0) }.filter { !"#^/&{ ".contains($0) }
                if name != "." { found.append(PromptFile.Entry(name: String(name), line: firstLine + offset)) }
            }
        }
        return found
    }
}

extension String {
    fileprivate func trimmingNewlines() -> String {
        var rest = self[...].drop(while: \.isWhitespace)
        while rest.last?.isWhitespace == true { rest.removeLast() }
        return String(rest)
    }
}
