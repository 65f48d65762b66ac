/// Bytes that no log, error or debugger shows by accident: it has no description, and its mirror is empty.
public struct Secret: Sendable {
    let bytes: [UInt8]

    public init(_ bytes: some Sequence<UInt8>) {
        self.bytes = Array(bytes)
    }
}

extension Secret: CustomReflectable {
    public var customMirror: Mirror {
        Mirror(self, children: [])
    }
}
