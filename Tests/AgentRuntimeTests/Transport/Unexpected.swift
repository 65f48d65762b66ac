/// What a test got in place of what it asked for.
struct Unexpected: Error {
    let value: String

    init(_ value: Any?) {
        self.value = value.map { String(describing: $0) } ?? "nothing"
    }
}
