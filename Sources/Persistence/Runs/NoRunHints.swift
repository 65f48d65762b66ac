/// For a database whose readers ask by themselves.
struct NoRunHints: RunHints {
    func announce(_ run: String) {}
    func hints(of run: String) -> AsyncStream<Void> { AsyncStream { $0.finish() } }
}
