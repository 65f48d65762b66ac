import AgentRuntime
import HTTPTypes

/// An answer that is not a success, as a problem document: https://www.rfc-editor.org/rfc/rfc9457
///
/// Everything in it is shown to the client: no cause, no path, no text of a database or a model belongs here.
struct Problem: Error, Sendable {
    /// What is wrong with one field of a body or a query.
    struct Field: Sendable, Hashable, Encodable {
        let path: String
        let message: String
    }

    let kind: Kind
    /// What to do about this one, in a sentence.
    var detail: String
    var errors: [Field] = []
    /// Further members of the document, such as `run_id`.
    var members: [String: JSONValue] = [:]
    var headers: HTTPFields = [:]

    init(_ kind: Kind, _ detail: String) {
        self.kind = kind
        self.detail = detail
    }

    var status: HTTPResponse.Status { kind.status }

    func with(_ name: HTTPField.Name, _ value: String) -> Problem {
        var copy = self
        copy.headers[name] = value
        return copy
    }

    func with(_ member: String, _ value: JSONValue) -> Problem {
        var copy = self
        copy.members[member] = value
        return copy
    }
}

extension Problem {
    /// The kinds of problem there are. Each has one status, and a type that never changes.
    enum Kind: String, Sendable, CaseIterable {
        case malformedRequest = "malformed-request"
        case notSignedIn = "not-signed-in"
        case notAllowed = "not-allowed"
        case newPasswordNeeded = "new-password-needed"
        case missingScope = "missing-scope"
        case notFound = "not-found"
        case methodNotAllowed = "method-not-allowed"
        case timeout = "request-timeout"
        case conflict = "conflict"
        case contentTooLarge = "content-too-large"
        case unsupportedMediaType = "unsupported-media-type"
        case rangeNotSatisfiable = "range-not-satisfiable"
        case misdirected = "misdirected-request"
        case invalid = "invalid-fields"
        case tooManyRequests = "too-many-requests"
        case internalError = "internal-error"
        case unavailable = "unavailable"

        var status: HTTPResponse.Status {
            switch self {
            case .malformedRequest: .badRequest
            case .notSignedIn: .unauthorized
            case .notAllowed, .newPasswordNeeded, .missingScope: .forbidden
            case .notFound: .notFound
            case .methodNotAllowed: .methodNotAllowed
            case .timeout: .requestTimeout
            case .conflict: .conflict
            case .contentTooLarge: .contentTooLarge
            case .unsupportedMediaType: .unsupportedMediaType
            case .rangeNotSatisfiable: .rangeNotSatisfiable
            case .misdirected: .misdirectedRequest
            case .invalid: .unprocessableContent
            case .tooManyRequests: .tooManyRequests
            case .internalError: .internalServerError
            case .unavailable: .serviceUnavailable
            }
        }

        var title: String {
            switch self {
            case .malformedRequest: "The request is malformed"
            case .notSignedIn: "Not signed in"
            case .notAllowed: "Not allowed"
            case .newPasswordNeeded: "A new password is needed"
            case .missingScope: "Not allowed with this API token"
            case .notFound: "Not found"
            case .methodNotAllowed: "Method not allowed"
            case .timeout: "The request took too long to arrive"
            case .conflict: "Conflict"
            case .contentTooLarge: "The body is too large"
            case .unsupportedMediaType: "Unsupported media type"
            case .rangeNotSatisfiable: "Range not satisfiable"
            case .misdirected: "Not served under this name"
            case .invalid: "Some fields are not valid"
            case .tooManyRequests: "Too many requests"
            case .internalError: "Something went wrong"
            case .unavailable: "Not available at the moment"
            }
        }

        /// An identifier, not an address: nothing is to be fetched from it.
        var type: String { "urn:agent:problem:\(rawValue)" }
    }
}

extension Problem {
    static let notSignedIn = Problem(.notSignedIn, "Sign in to go on.").with(.wwwAuthenticate, "Cookie realm=\"agent\"")

    /// For a right password that is good for one sign-in.
    static var newPasswordNeeded: Problem {
        var problem = Problem(.newPasswordNeeded, "This password is good once, to choose another: send it with new_password.")
        problem.errors = [Field(path: "new_password", message: "is needed, as the password that you were given is good once")]
        return problem
    }

    /// The same for what is not there and for what is somebody else's.
    static let notFound = Problem(.notFound, "There is nothing here that you can reach.")

    static func invalid(_ errors: [Field]) -> Problem {
        var problem = Problem(.invalid, "Correct the fields named in errors.")
        problem.errors = errors
        return problem
    }

    static func invalid(_ path: String, _ message: String) -> Problem {
        invalid([Field(path: path, message: message)])
    }

    /// - Parameter retryAfter: Seconds, at least 1.
    static func unavailable(_ detail: String, retryAfter: Int) -> Problem {
        Problem(.unavailable, detail).with(.retryAfter, String(max(1, retryAfter)))
    }
}
