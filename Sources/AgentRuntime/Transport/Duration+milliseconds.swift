extension Duration {
    /// Rounded up and never negative, so that a wait of this length is not too short.
    var wholeMilliseconds: Int {
        let (seconds, attoseconds) = components
        guard self > .zero else { return 0 }
        let (milliseconds, overflow) = Int(seconds).multipliedReportingOverflow(by: 1_000)
        let rest = Int((attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000)
        return overflow ? .max : milliseconds.addingReportingOverflow(rest).overflow ? .max : milliseconds + rest
    }
}
