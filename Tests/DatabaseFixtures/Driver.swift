/// The databases on which every store is tested.
public enum Driver: String, Sendable, CaseIterable {
    case sqlite, postgres

    public static let all = allCases
}
