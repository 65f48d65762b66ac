/// Header fields in order, looked up without regard to ASCII case; a description names them and hides their values.
public struct TransportHeaders: Sendable, Equatable, ExpressibleByDictionaryLiteral {
    /// One field as it was given or received, its value without surrounding blanks.
    public struct Field: Sendable, Equatable {
        public var name: String
        public var value: String

        public init(name: String, value: String) {
            self.name = name
            self.value = value
        }
    }

    public private(set) var fields: [Field]

    public init(_ fields: [Field] = []) {
        self.fields = fields
    }

    public init(dictionaryLiteral elements: (String, String)...) {
        fields = elements.map { Field(name: $0, value: $1) }
    }

    /// The first field of this name; setting replaces every field of the name.
    public subscript(_ name: String) -> String? {
        get { fields.first { $0.hasName(name) }?.value }
        set {
            fields.removeAll { $0.hasName(name) }
            if let newValue { append(newValue, for: name) }
        }
    }

    /// Every value of this name, in order.
    public func values(for name: String) -> [String] {
        fields.filter { $0.hasName(name) }.map(\.value)
    }

    /// Adds a field and leaves others of the same name.
    public mutating func append(_ value: String, for name: String) {
        fields.append(Field(name: name, value: value))
    }

    /// Joins a folded line to the field before it: https://www.rfc-editor.org/rfc/rfc9112#name-obsolete-line-folding
    mutating func appendFold(_ text: String) {
        guard let last = fields.indices.last else { return }
        fields[last].value += " " + text
    }
}

extension TransportHeaders: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    public var description: String { "[" + fields.map(\.name).joined(separator: ", ") + "]" }
    public var debugDescription: String { description }
    public var customMirror: Mirror { Mirror(self, unlabeledChildren: fields.map(\.name), displayStyle: .collection) }
}

extension TransportHeaders.Field: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    public var description: String { name }
    public var debugDescription: String { name }
    public var customMirror: Mirror { Mirror(self, children: ["name": name], displayStyle: .struct) }

    func hasName(_ other: String) -> Bool {
        name.utf8.elementsEqual(other.utf8) { left, right in Self.lowercased(left) == Self.lowercased(right) }
    }

    private static func lowercased(_ byte: UInt8) -> UInt8 {
        (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
    }
}
