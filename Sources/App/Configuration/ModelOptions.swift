import ArgumentParser

/// Flags of every command that asks a model.
struct ModelOptions: ParsableArguments {
    @Option(help: "Where the model provider is, with the version: https://api.openai.com/v1. (OPENAI_BASE_URL)")
    var baseURL: String?

    @Option(help: "The model's name; several, with commas, are asked one after the other when one fails. (AGENT_MODEL)")
    var model: String?

    @Option(help: "The wire API: responses or chat. (AGENT_MODEL_API)")
    var modelAPI: String?

    @Option(help: "The folder of prompt files. (AGENT_PROMPTS)")
    var prompts: String?

    @Option(help: "sqlite:PATH or postgres://USER:PASSWORD@HOST/NAME. (AGENT_DATABASE)")
    var database: String?

    @Option(help: "A JSON file with settings.")
    var config: String?

    var flags: [Setting: String] {
        var flags: [Setting: String] = [:]
        flags[.baseURL] = baseURL
        flags[.model] = model
        flags[.modelAPI] = modelAPI
        flags[.prompts] = prompts
        flags[.database] = database
        return flags
    }
}
