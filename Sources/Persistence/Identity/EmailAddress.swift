import Foundation

/// A mail address in the one form in which it is stored and compared: trimmed, in lower case, in Unicode's form C.
public struct EmailAddress: Sendable, Hashable, CustomStringConvertible {
    public let description: String

    /// Nil for what cannot be an address. Whether mail arrives there is not asked.
    public init?(_ text: String) {
        guard text.utf8.count <= 1_024 else { return nil }
        let form = text.trimmingCharacters(in: .whitespacesAndNewlines).lowercased().precomposedStringWithCanonicalMapping
        // 254 bytes are what SMTP carries: https://www.rfc-editor.org/errata/eid1690
        guard form.utf8.count <= 254, form.unicodeScalars.allSatisfy(Self.isAllowed) else { return nil }
        let parts = form.split(separator: "@", omittingEmptySubsequences: false)
        guard parts.count == 2, let local = parts.first, let domain = parts.last, !local.isEmpty,
            domain.split(separator: ".", omittingEmptySubsequences: false).allSatisfy({ !$0.isEmpty })
        else { return nil }
        description = form
    }

    private static func isAllowed(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .spaceSeparator, .unassigned, .privateUse: false
        default: true
        }
    }
}

extension EmailAddress: SQLValue {
    public var bind: SQLBind { .text(description) }
}
