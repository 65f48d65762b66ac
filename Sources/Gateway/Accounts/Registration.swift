import Persistence

/// What a new account is made of.
struct Registration: Sendable {
    /// In code points.
    static let nameLength = 1...100

    let email: EmailAddress
    let name: String
    let password: String

    /// What is wrong with a person's name; nil when it may be taken.
    static func fault(ofName text: String) -> String? {
        guard nameLength.contains(text.unicodeScalars.count) else {
            return "must have \(nameLength.lowerBound) to \(nameLength.upperBound) characters"
        }
        guard text.unicodeScalars.contains(where: { !$0.properties.isWhitespace }) else { return "must not be blank" }
        guard !text.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) else { return "must be one line of text" }
        return nil
    }
}

extension Registration: CustomReflectable {
    /// Neither who registers nor with what.
    var customMirror: Mirror { Mirror(self, children: []) }
}

extension RequestFields {
    mutating func registration() -> Registration? {
        let email = emailAddress("email")
        let name = name("name")
        let password = text("password")
        guard let email, let name, let password else { return nil }
        return Registration(email: email, name: name, password: password)
    }

    /// What somebody signs in with.
    mutating func signIn() -> SignInFields? {
        let email = text("email")
        let password = password("password")
        let newPassword = optionalText("new_password")
        guard let email, let password else { return nil }
        return SignInFields(email: email, password: password, newPassword: newPassword)
    }

    /// A password that is to be compared, not taken: only its size is looked at.
    mutating func password(_ name: String) -> Password? {
        guard let text = text(name) else { return nil }
        guard let password = Password(text) else {
            refuse(name, "must have at most \(Password.maximumLength) characters")
            return nil
        }
        return password
    }

    private mutating func emailAddress(_ name: String) -> EmailAddress? {
        guard let text = text(name) else { return nil }
        let address = EmailAddress(text)
        if address == nil { refuse(name, "must be an e-mail address") }
        return address
    }

    /// What a person is called, or calls something of theirs.
    mutating func name(_ name: String) -> String? {
        guard let text = text(name, Registration.nameLength) else { return nil }
        if let fault = Registration.fault(ofName: text) {
            refuse(name, fault)
            return nil
        }
        return text
    }
}
