import Yams

/// A prompt that the provider keeps, as a prompt file names it; its texts may have placeholders.
struct PromptReference: Sendable {
    private let id: String
    private let version: String?
    private let variables: [String: Variable]?

    private enum Variable: Sendable {
        case text(PromptTemplate)
        /// An image or a file in the provider's shape.
        case json(JSONValue)
    }

    init(_ fields: FrontMatter) throws {
        guard let id = try fields.text("id") else {
            throw PromptError(file: fields.path, line: fields.line, "'prompt' needs an 'id'.")
        }
        self.id = id
        version = try fields.text("version")
        variables = try fields.object("variables")?.mapValues { value -> Variable in
            guard let text = value.string else { return .json(value) }
            return .text(try PromptTemplate(text, path: fields.path, firstLine: fields.line(of: "variables") ?? 1))
        }
    }

    static let keys = ["id", "version", "variables"]

    /// The names that the variables ask for.
    var placeholders: [PromptFile.Entry] {
        (variables ?? [:]).sorted { $0.key < $1.key }.flatMap { _, variable -> [PromptFile.Entry] in
            guard case .text(let template) = variable else { return [] }
            return template.placeholders
        }
    }

    func prompt(_ values: [String: String]) -> HostedPrompt {
        HostedPrompt(
            id: id, version: version,
            variables: variables?.mapValues { variable in
                switch variable {
                case .text(let template): .string(template.render(values))
                case .json(let json): json
                }
            })
    }
}
