/// Whether a person is asked before a call is made.
public enum ApprovalRule<Context: Sendable>: Sendable {
    case never
    case always
    /// Asked once for each call, with its arguments; a call whose arguments are no JSON object always waits for a person.
    case when(@Sendable (_ run: RunContext<Context>, _ arguments: JSONValue) async throws -> Bool)

    var isNever: Bool {
        if case .never = self { true } else { false }
    }

    func holds(for arguments: String, _ run: RunContext<Context>) async throws -> Bool {
        switch self {
        case .never: return false
        case .always: return true
        case .when(let condition):
            guard let json = try? JSONValue(json: arguments), json.object != nil else { return true }
            return try await condition(run, json)
        }
    }
}
