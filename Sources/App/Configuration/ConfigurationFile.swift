import AgentRuntime
import FoundationEssentials

/// The JSON file of `--config`: one object, its keys the names of settings, `limits` an object of its own if one likes.
enum ConfigurationFile {
    static func read(_ path: String) throws -> [Setting: String] {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw ConfigurationFileError(description: "The configuration file \(path) cannot be read.")
        }
        guard let json = try? JSONValue(json: data), case .object = json else {
            throw ConfigurationFileError(description: "The configuration file \(path) must hold one JSON object.")
        }
        var values: [Setting: String] = [:]
        for (name, value) in flattened(json, prefix: "").sorted(by: { $0.key < $1.key }) {
            guard let setting = Setting(rawValue: name) else {
                let hint = NearestName.hint(for: name, known: Setting.allCases.map(\.name))
                throw ConfigurationFileError(description: "Unknown key '\(name)' in \(path). \(hint)")
            }
            values[setting] = value
        }
        return values
    }

    private static func flattened(_ json: JSONValue, prefix: String) -> [String: String] {
        guard case .object(let members) = json else {
            let list = json.array?.compactMap(\.string).joined(separator: ",")
            return [prefix: json.string ?? list ?? (json.isNull ? "" : json.text)]
        }
        return members.reduce(into: [:]) { result, member in
            let name = prefix.isEmpty ? member.key : "\(prefix)_\(member.key)"
            result.merge(flattened(member.value, prefix: name)) { first, _ in first }
        }
    }
}

struct ConfigurationFileError: Error, CustomStringConvertible {
    let description: String
}
