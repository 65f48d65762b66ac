import Persistence

/// A token that a person asks for.
struct NewAPIToken: Sendable {
    /// In code points.
    static let nameLength = Registration.nameLength
    static let lifetimeInDays = 1...3_650

    let name: String
    let scopes: Set<APIScope>
    /// Nil for one that is good until it is revoked.
    let lifetime: Duration?
}

extension RequestFields {
    mutating func newAPIToken() -> NewAPIToken? {
        let name = name("name")
        let scopes = optionalChoices("scopes", of: APIScope.self) ?? Set(APIScope.allCases)
        let days = optionalInteger("expires_in_days")
        if let days, !NewAPIToken.lifetimeInDays.contains(days) {
            refuse("expires_in_days", "must be from \(NewAPIToken.lifetimeInDays.lowerBound) to \(NewAPIToken.lifetimeInDays.upperBound)")
            return nil
        }
        return name.map { NewAPIToken(name: $0, scopes: scopes, lifetime: days.map { .seconds($0 * 86_400) }) }
    }
}
