import Hummingbird
import NIOCore
import Persistence

extension Problem {
    /// How an error is told to the client: what they can mend in words, anything else as an internal error without its cause.
    init(_ error: any Error) {
        switch error {
        case let problem as Problem: self = problem
        case let error as StoreError: self.init(error)
        case let error as TodoError: self.init(error)
        case let error as APITokenError: self.init(error)
        case let error as ChatError: self.init(error)
        case let error as ConversationError: self.init(error)
        case let refusal as PasswordHasher.Refusal: self.init(refusal)
        case is CancellationError: self = .unavailable("The request was given up.", retryAfter: 1)
        case let error as any HTTPResponseError: self.init(status: error.status)
        default: self.init(.internalError, Self.apology)
        }
    }

    private static let apology = "This is a fault of the server. Tell its operator the instance given here."

    private init(_ error: TodoError) {
        switch error {
        case .notFound: self = .notFound
        case .invalid(let field, let sentence): self = .invalid(field, sentence)
        }
    }

    private init(_ error: APITokenError) {
        switch error {
        case .tooMany(let limit): self.init(.conflict, "You have \(limit) API tokens, which is as many as there may be. Revoke one first.")
        }
    }

    private init(_ refusal: PasswordHasher.Refusal) {
        switch refusal {
        case .busy(let seconds): self = .unavailable("Too many people sign in at this moment. Try again shortly.", retryAfter: seconds)
        case .failed: self.init(.internalError, Self.apology)
        }
    }

    private init(_ error: StoreError) {
        switch error {
        case .locked, .overloaded, .conflict, .timedOut: self = .unavailable("The database is busy. Nothing was changed.", retryAfter: 2)
        case .diskFull: self = .unavailable("The server has no room left. Nothing was changed.", retryAfter: 30)
        case .writesStopped, .closed, .readOnly, .inputOutput, .cannotOpen: self = .unavailable("The database cannot be used.", retryAfter: 30)
        case .unreachable: self = .unavailable("The database cannot be reached. Nothing was changed.", retryAfter: 2)
        case .outcomeUnknown: self = .unavailable("The connection to the database was lost. Look whether the change was made.", retryAfter: 2)
        case .textHoldsNUL: self.init(.malformedRequest, "Text must not hold the character U+0000.")
        case .emailTaken: self.init(.conflict, "This address already has an account.")
        // The account went away while its request was under way.
        case .noSuchOwner: self = .notSignedIn
        case .effectMismatch: self.init(.invalid, "This Idempotency-Key was already used with another body.")
        case .notADatabase, .unsupportedAddress, .malformedAddress, .unsafeSetting, .newerSchema, .corrupt, .constraint, .missingColumn,
            .unexpectedValue, .failed,
            .claimLost:
            self.init(.internalError, Self.apology)
        }
    }

    /// For what Hummingbird and NIO refuse by themselves.
    private init(status: HTTPResponse.Status) {
        switch status {
        case .badRequest: self.init(.malformedRequest, "The request cannot be understood.")
        case .unauthorized: self = .notSignedIn
        case .forbidden: self.init(.notAllowed, "This is not allowed.")
        case .notFound: self = .notFound
        case .methodNotAllowed: self.init(.methodNotAllowed, "This method is not allowed here.")
        case .contentTooLarge: self.init(.contentTooLarge, "Send less.")
        case .unsupportedMediaType: self.init(.unsupportedMediaType, "Send application/json.")
        case .rangeNotSatisfiable: self.init(.rangeNotSatisfiable, "There is no such range.")
        case .unprocessableContent: self.init(.invalid, "The request is not valid.")
        default: self.init(.internalError, Self.apology)
        }
    }
}
