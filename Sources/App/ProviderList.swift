import AgentRuntime
import FoundationEssentials

/// Where a model provider is, and how it is spoken to.
struct ProviderAddress: Sendable {
    let baseURL: String
    let api: WireAPI
    let apiKey: APIKey?
}

/// How a provider is spoken to.
enum WireAPI: String {
    case responses, chat

    init(_ settings: Settings) throws {
        guard let api = WireAPI(rawValue: try settings.text(.modelAPI)) else { throw SettingError.invalid(.modelAPI, "responses or chat") }
        self = api
    }
}

/// The providers beside the main one, by the prefix that model names have for them.
///
/// They are in a JSON file: `{"local": {"base_url": "http://127.0.0.1:11434/v1", "api": "chat", "api_key_env": "LOCAL_KEY"}}`. A key stands in
/// the environment, since files are copied and shared.
struct ProviderList: Sendable {
    let providers: [String: ProviderAddress]

    init(_ settings: Settings, environment: [String: String] = ProcessInfo.processInfo.environment) throws {
        guard let path = settings[.providers] else { providers = [:]; return }
        guard let data = FileManager.default.contents(atPath: path) else {
            throw SettingError.invalid(.providers, "a file that can be read; there is none at '\(path)'")
        }
        guard let entries = (try? JSONValue(json: data))?.object else {
            throw SettingMistake("\(path) must hold one JSON object: providers by prefix.")
        }
        var providers: [String: ProviderAddress] = [:]
        for (prefix, json) in entries.sorted(by: { $0.key < $1.key }) {
            providers[prefix] = try ProviderList.address(prefix, json, path: path, environment)
        }
        self.providers = providers
    }

    /// Where a model is whose name has a prefix of these.
    func address(of name: String) -> ProviderAddress? {
        name.firstIndex(of: "/").flatMap { providers[String(name[..<$0])] }
    }

    private static let keys = ["base_url", "api", "api_key_env"]

    private static func address(_ prefix: String, _ json: JSONValue, path: String, _ environment: [String: String]) throws -> ProviderAddress {
        func mistake(_ sentence: String) -> SettingMistake { SettingMistake("\(path): the provider '\(prefix)' \(sentence)") }
        guard !prefix.isEmpty, !prefix.contains("/"), let members = json.object else {
            throw mistake("must be an object under a name without a slash.")
        }
        if let unknown = members.keys.sorted().first(where: { !keys.contains($0) }) {
            throw mistake("has the unknown key '\(unknown)'. \(NearestName.hint(for: unknown, known: keys))")
        }
        guard let url = members["base_url"]?.string, ["http://", "https://"].contains(where: url.hasPrefix) else {
            throw mistake("needs a 'base_url' that begins with http:// or https://.")
        }
        guard let api = WireAPI(rawValue: members["api"].map { $0.string ?? "" } ?? "responses") else {
            throw mistake("has an 'api' that is not responses or chat.")
        }
        guard let variable = members["api_key_env"] else { return ProviderAddress(baseURL: url, api: api, apiKey: nil) }
        guard let name = variable.string, let key = environment[name], !key.isEmpty else {
            throw mistake("takes its key from the environment variable '\(variable.string ?? "")', which is not set.")
        }
        return ProviderAddress(baseURL: url, api: api, apiKey: APIKey(key))
    }
}
