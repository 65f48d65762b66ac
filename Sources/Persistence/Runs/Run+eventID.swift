extension Run {
    /// Whether a reader can have been given the id: stored or not, by this attempt or one before it.
    public func canHaveGivenOut(_ id: Int64) -> Bool {
        let (attempt, ordinal) = id.quotientAndRemainder(dividingBy: RunEventID.perAttempt)
        guard id >= 0, attempt <= Int64(self.attempt) else { return false }
        return state.isActive || attempt < Int64(self.attempt) || ordinal == 0 || id <= lastEventID
    }
}
