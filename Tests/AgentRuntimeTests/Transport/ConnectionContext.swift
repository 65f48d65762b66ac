import Hummingbird
import NIOCore

/// Knows which connection, and which of its streams, a request came over.
struct ConnectionContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    let channel: any Channel
    let isStream: Bool
    let connection: ObjectIdentifier

    init(source: ApplicationRequestContextSource) {
        coreContext = CoreRequestContextStorage(source: source)
        channel = source.channel
        // The parent of an HTTP/1.1 connection is the listening socket.
        isStream = source.channel.parent.map { $0.parent != nil } ?? false
        connection = ObjectIdentifier((isStream ? source.channel.parent : nil) ?? source.channel)
    }
}
