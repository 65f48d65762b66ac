/// A list that is always answered as a whole, since what it is of cannot become many.
struct WholeList<Element: Encodable & Sendable>: Encodable, Sendable {
    let data: [Element]
    let hasMore = false

    private enum CodingKeys: String, CodingKey {
        case data
        case hasMore = "has_more"
    }
}
