import Persistence

/// An account as its owner sees it.
struct UserDocument: Encodable, Sendable {
    let id: String
    let email: String
    let name: String

    init(_ user: User) {
        id = user.id
        email = user.email
        name = user.name
    }
}
