import AgentRuntime
import HTTPTypes

extension APIOperation {
    static let accounts =
        [register, signIn, refresh, signOut]
        + [verify, signOutEverywhere, changePassword, deleteAccount, listSessions, endSession].map { $0.signedIn() }

    static let register = APIOperation(
        "register", .post, "/api/auth/register", "Makes an account and signs it in.", body: .registration,
        answers: [.json(.user, "The account.", status: .created, headers: .setCookie)], problems: [.conflict, .tooManyRequests])

    static let signIn = APIOperation(
        "signIn", .post, "/api/auth/login",
        "Signs in. A password that an operator gave is good once: it takes a new_password with it, and lets nobody in without.", body: .credentials,
        answers: [.json(.user, "The account.", headers: .setCookie)], problems: [.notSignedIn, .newPasswordNeeded, .tooManyRequests])

    static let refresh = APIOperation(
        "refresh", .post, "/api/auth/refresh", "Takes new tokens for the refresh token.", access: .refresh,
        answers: [.empty(.noContent, "The session goes on.", headers: .setCookie)])

    static let signOut = APIOperation(
        "signOut", .post, "/api/auth/logout", "Ends the session, if there is one.",
        answers: [.empty(.noContent, "Nobody is signed in.", headers: .setCookie)])

    static let verify = APIOperation("verify", .get, "/api/auth/verify", "Who is signed in.", answers: [.json(.user, "The account.")])

    static let signOutEverywhere = APIOperation(
        "signOutEverywhere", .post, "/api/auth/logout-all", "Ends every session of the person.",
        answers: [.empty(.noContent, "They have ended.", headers: .setCookie)])

    static let changePassword = APIOperation(
        "changePassword", .post, "/api/auth/password", "Changes the password, ends every session and begins a new one.", body: .newPassword,
        answers: [.empty(.noContent, "It is changed.", headers: .setCookie)], problems: [.tooManyRequests])

    static let deleteAccount = APIOperation(
        "deleteAccount", .delete, "/api/auth/account", "Deletes the account with everything in it.", body: .passwordAlone,
        answers: [.empty(.noContent, "It is gone.", headers: .setCookie)], problems: [.tooManyRequests])

    static let listSessions = APIOperation(
        "listSessions", .get, "/api/auth/sessions", "Where the person is signed in.",
        answers: [.json(.sessionList, "The sessions.", links: APILink.to("endSession", with: "id", from: "/data/0/id"))])

    static let endSession = APIOperation(
        "endSession", .delete, "/api/auth/sessions/{id}", "Ends one session.",
        parameters: [.path("id", APISchema.string, "The session's id.")], answers: [.empty(.noContent, "It has ended.")])
}

extension APISchema {
    static let accounts = [user, registration, credentials, newPassword, passwordAlone, session, sessionList]

    static let user = APISchema("User", ["id": string, "email": string, "name": string])

    static let registration = APISchema(
        "Registration", ["email": ["type": "string", "format": "email"], "name": text(Registration.nameLength, .line), "password": password])

    static let credentials = APISchema("Credentials", ["email": string, "password": password, "new_password": password], optional: ["new_password"])
    static let newPassword = APISchema("NewPassword", ["current_password": password, "new_password": password])
    static let passwordAlone = APISchema("Password", ["password": password])

    static let session = APISchema(
        "Session",
        [
            "id": string, "created_at": instant, "last_used_at": instant, "expires_at": instant, "user_agent": string, "current": boolean,
        ], optional: ["user_agent"])

    static let sessionList = wholeList("SessionList", of: session)

    /// A new one must also be long enough, and be none that everybody tries.
    private static let password = text(0...Password.maximumLength)
}
