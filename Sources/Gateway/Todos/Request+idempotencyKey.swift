import HTTPTypes
import Hummingbird

extension Request {
    /// The key that a client chose for this request, so that it may send it again.
    ///
    /// Nil without one. Throws `Problem` for one that is not 1 to 255 visible ASCII characters.
    ///
    /// https://datatracker.ietf.org/doc/draft-ietf-httpapi-idempotency-key-header/
    func idempotencyKey() throws(Problem) -> String? {
        let keys = headers[values: .idempotencyKey]
        guard let key = keys.first else { return nil }
        guard keys.count == 1, (1...255).contains(key.utf8.count), key.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            throw Problem(.malformedRequest, "Idempotency-Key must be 1 to 255 visible ASCII characters, sent once.")
        }
        return key
    }
}
