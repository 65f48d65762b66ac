public import Persistence

extension EmailAddress {
    /// An address that is certainly one.
    public static func of(_ name: String) throws -> EmailAddress {
        guard let address = EmailAddress("\(name)@example.org") else { throw NotAnAddress() }
        return address
    }

    private struct NotAnAddress: Error {}
}
