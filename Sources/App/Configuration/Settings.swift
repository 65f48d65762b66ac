import Configuration
import FoundationEssentials
import Persistence
import Synchronization

/// The settings of this process, each from the first source that has it.
struct Settings: Sendable {
    private let reader: ConfigReader
    private let sources: SourceReporter
    private static let defaultSource = "default"

    /// - Parameter flags: What was given on the command line, and nothing else.
    init(flags: [Setting: String], environment: [String: String], file: String?) throws {
        var fromEnvironment: [Setting: String] = [:]
        for setting in Setting.allCases { fromEnvironment[setting] = environment[setting.environmentName] }
        let fromFile = try file.map(ConfigurationFile.read) ?? [:]
        var defaults: [Setting: String] = [:]
        for setting in Setting.allCases { defaults[setting] = setting.defaultValue }
        sources = SourceReporter()
        reader = ConfigReader(
            providers: [
                Settings.provider("flag", flags), Settings.provider("environment", fromEnvironment),
                Settings.provider(file ?? "file", fromFile), Settings.provider(Settings.defaultSource, defaults),
            ],
            accessReporter: sources
        )
    }

    /// The value; an empty one counts as absent.
    subscript(setting: Setting) -> String? {
        reader.string(forKey: ConfigKey([setting.name]), isSecret: setting.isSecret)
    }

    /// Whether nobody set it.
    func isDefault(_ setting: Setting) -> Bool {
        _ = self[setting]
        return sources.source(of: setting.name) == Settings.defaultSource
    }

    func text(_ setting: Setting) throws -> String {
        guard let value = self[setting] else { throw SettingError.missing(setting) }
        return value
    }

    func list(_ setting: Setting) -> [String] {
        (self[setting] ?? "").split(separator: ",").map { String($0.trimmingPrefix { $0 == " " }) }.filter { !$0.isEmpty }
    }

    /// One of some words; nil when it is not set.
    func word<Value>(_ setting: Setting, _ words: KeyValuePairs<String, Value>) throws -> Value? {
        guard let text = self[setting] else { return nil }
        guard let found = words.first(where: { $0.key == text }) else {
            throw SettingError.invalid(setting, words.map(\.key).joined(separator: " or "))
        }
        return found.value
    }

    func number(_ setting: Setting, in range: ClosedRange<Int>) throws -> Int {
        let text = try text(setting)
        guard let number = Int(text), range.contains(number) else {
            throw SettingError.invalid(setting, "a whole number from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    /// Seconds, with a fraction if need be.
    func duration(_ setting: Setting) throws -> Duration {
        guard let seconds = Double(try text(setting)), seconds > 0, seconds <= 86_400 else {
            throw SettingError.invalid(setting, "a number of seconds, above 0 and up to 86400")
        }
        return .seconds(seconds)
    }

    /// Every setting with its value and where it came from; of secrets only that they are set.
    var lines: [String] {
        Setting.allCases.map { setting in
            let value = self[setting]
            let shown = value.map { Self.shown($0, of: setting) } ?? "not set"
            return value == nil ? "\(setting.name): \(shown)" : "\(setting.name): \(shown) (\(sources.source(of: setting.name)))"
        }
    }

    private static func shown(_ value: String, of setting: Setting) -> String {
        // The address of a server may hold a password, even one that cannot be read as an address.
        if setting == .database, !value.hasPrefix("sqlite:") { return (try? DatabaseAddress(value)).map { "\($0)" } ?? "set" }
        return setting.isSecret ? "set" : value
    }

    private static func provider(_ name: String, _ values: [Setting: String]) -> InMemoryProvider {
        var keyed: [AbsoluteConfigKey: ConfigValue] = [:]
        for (setting, value) in values where !value.isEmpty {
            keyed[AbsoluteConfigKey([setting.name])] = ConfigValue(.string(value), isSecret: setting.isSecret)
        }
        return InMemoryProvider(name: name, values: keyed)
    }
}

/// A setting that is missing or cannot be used, as a sentence that says what to do.
enum SettingError: Error, CustomStringConvertible {
    case missing(Setting)
    case invalid(Setting, String)

    var description: String {
        switch self {
        case .missing(let setting): "Set \(setting.environmentName) (or '\(setting.name)' in the configuration file)."
        case .invalid(let setting, let expected): "\(setting.environmentName) (\(setting.name)) must be \(expected)."
        }
    }
}

/// Remembers which source a setting was taken from.
private final class SourceReporter: AccessReporter {
    private let names = Mutex<[String: String]>([:])

    func report(_ event: AccessEvent) {
        let winner = event.providerResults.first { result in
            if case .success(let found) = result.result { found.value != nil } else { false }
        }
        names.withLock { $0[event.metadata.key.description] = winner?.providerName }
    }

    func source(of name: String) -> String {
        let provider = names.withLock { $0[name] } ?? ""
        // The library writes the kind of a provider before its name: InMemoryProvider[flag].
        guard let start = provider.firstIndex(of: "["), provider.last == "]" else { return provider }
        return String(provider[provider.index(after: start)...].dropLast())
    }
}
