@testable public import Persistence

extension DatabaseAddress {
    /// As a program is told it.
    public var text: String {
        switch self {
        case .sqlite(let path): "sqlite:\(path)"
        case .postgres(let address):
            "postgres://\(address.settings["user"] ?? "")@/\(address.settings["dbname"] ?? "")?host=\(address.settings["host"] ?? "")"
                + "&port=\(address.settings["port"] ?? "")&readers=\(address.readers)&allow_fsync_off=\(address.allowsUnsafeServer)"
                + (address.schema.map { "&schema=\($0)" } ?? "")
        }
    }
}
