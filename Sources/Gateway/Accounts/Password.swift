import Foundation

/// A password as it is hashed: in Unicode's form C, so that it does not matter how a keyboard composes an accent, and otherwise untouched.
struct Password: Sendable {
    /// In code points; and in bytes, however few code points they are.
    static let maximumLength = 256
    static let maximumBytes = 1_024

    let secret: Secret
    /// In code points.
    let length: Int

    /// Nil for a text that is too long to be anybody's password.
    init?(_ text: String) {
        guard text.utf8.count <= Self.maximumBytes else { return nil }
        let form = text.precomposedStringWithCanonicalMapping
        length = form.unicodeScalars.count
        guard length <= Self.maximumLength, form.utf8.count <= Self.maximumBytes else { return nil }
        secret = Secret(form.utf8)
    }

    var text: String { String(decoding: secret.bytes, as: UTF8.self) }
}

extension Password: CustomReflectable {
    var customMirror: Mirror { Mirror(self, children: []) }
}
