/// A part of a list of todos, by rising number.
public struct TodoList: Sendable, Hashable, Encodable {
    public let data: [Todo]
    public let hasMore: Bool
    /// Where the next part goes on; nil at the end.
    public var after: Int? { hasMore ? data.last?.id : nil }

    private enum CodingKeys: String, CodingKey {
        case data, after
        case hasMore = "has_more"
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(data, forKey: .data)
        try container.encode(hasMore, forKey: .hasMore)
        try container.encodeIfPresent(after, forKey: .after)
    }
}
