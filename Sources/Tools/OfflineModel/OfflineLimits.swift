/// How much the offline model does for one message.
enum OfflineLimits {
    /// Todos changed in one message, below the runner's own limit of calls; what is left over is said.
    static let changes = 16
    /// Todos that one phrase such as `1-5` can name.
    static let references = 100
    /// Todos written out in one answer.
    static let listed = 50
    /// Pages of a list that are read.
    static let pages = 3
    /// Searches made for what those pages did not hold.
    static let searches = 3
    /// Lists shown in one answer.
    static let views = 2
}
