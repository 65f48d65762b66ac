import HTTPTypes
import Hummingbird
import Logging
import Persistence

/// The routes under `/api/auth`.
struct AuthController: Sendable {
    let accounts: AccountService
    let sessions: SessionService
    let cookies: SessionCookies
    var limiter = RateLimiter.off

    func addRoutes(to router: Router<GatewayRequestContext>) {
        router.on(.register, use: register)
        router.on(.signIn, use: signIn)
        router.on(.refresh, use: refresh)
        router.on(.signOut, use: signOut)
        let signedIn = router.signedIn(by: sessions, cookies)
        signedIn.on(.verify, use: verify)
        signedIn.on(.signOutEverywhere, use: signOutEverywhere)
        signedIn.on(.changePassword, use: changePassword)
        signedIn.on(.deleteAccount, use: deleteAccount)
        signedIn.on(.listSessions, use: listSessions)
        signedIn.on(.endSession, use: endSession)
    }

    private func register(_ request: Request, _ context: GatewayRequestContext) async throws -> Response {
        let registration = try await RequestFields.read(request) { $0.registration() }
        let limits = try await limiter.registration(from: context.client)
        let (user, session) = try await accounts.register(registration, try await newSession(for: request), isWanted: context.isClientThere)
        return try signedIn(user, session, .created, as: .registered, request, context).with(limits)
    }

    func signIn(_ request: Request, _ context: GatewayRequestContext) async throws -> Response {
        let fields = try await RequestFields.read(request) { $0.signIn() }
        do {
            let response = try await signIn(fields, request, context)
            context.metrics.signIns.count(SignInResult.ok.rawValue)
            return response
        } catch {
            context.metrics.signIns.count(SignInResult(error).rawValue)
            throw error
        }
    }

    private func signIn(_ fields: SignInFields, _ request: Request, _ context: GatewayRequestContext) async throws -> Response {
        let limits = try await limiter.signIn(to: fields.email, from: context.client)
        let new = try await newSession(for: request)
        var account: String?
        // The same password may be hashed anew by a sign-in beside this one, which the second time knows.
        for _ in 0..<2 {
            let found = try await accounts.verified(fields, isWanted: context.isClientThere)
            account = found.account
            guard let credentials = found.credentials else { break }
            try await limiter.forgiveFailures(of: fields.email, from: context.client)
            if let session = try await accounts.signIn(fields, credentials, new, isWanted: context.isClientThere) {
                return try signedIn(credentials.user, session, .ok, as: .signedIn, request, context).with(limits)
            }
        }
        context.note(.signInRefused, user: account)
        throw Problem(.notSignedIn, "The address or the password is not right.").with(.wwwAuthenticate, "Cookie realm=\"agent\"")
    }

    private func verify(_ request: Request, _ context: UserRequestContext) -> JSONResponse<UserDocument> {
        JSONResponse(UserDocument(context.user))
    }

    private func refresh(_ request: Request, _ context: GatewayRequestContext) async throws -> Response {
        guard let token = try cookies.refreshToken(in: request.headers) else { throw Problem.notSignedIn }
        switch try await sessions.refresh(token) {
        case .refreshed(let session): return Response(status: .noContent).settingCookies(cookies.setting(session))
        case .reused(let session, let user):
            context.note(.refreshReused, user: user, session: session)
        case .refused: break
        }
        throw Problem.notSignedIn.settingCookies(cookies.clearing)
    }

    private func signOut(_ request: Request, _ context: GatewayRequestContext) async throws -> Response {
        if let presented = try await presented(in: request), try await sessions.end(presented.session, of: presented.user.id) {
            context.note(.signedOut, user: presented.user.id, session: presented.session)
        }
        return Response(status: .noContent).settingCookies(cookies.clearing)
    }

    private func signOutEverywhere(_ request: Request, _ context: UserRequestContext) async throws -> Response {
        try await sessions.endAll(of: context.user.id)
        context.note(.signedOutEverywhere)
        return Response(status: .noContent).settingCookies(cookies.clearing)
    }

    private func changePassword(_ request: Request, _ context: UserRequestContext) async throws -> Response {
        let (current, new) = try await RequestFields.read(request) { fields in
            let current = fields.password("current_password")
            let new = fields.text("new_password")
            return current.flatMap { current in new.map { (current, $0) } }
        }
        let credentials = try await verified(current, at: "current_password", context)
        let session = try await accounts.setPassword(new, credentials, NewSession(userAgent: request.userAgent), isWanted: context.isClientThere)
        guard let session else { throw passwordRefused(at: "current_password", context) }
        context.note(.passwordChanged)
        return Response(status: .noContent).settingCookies(cookies.setting(session))
    }

    private func deleteAccount(_ request: Request, _ context: UserRequestContext) async throws -> Response {
        let password = try await RequestFields.read(request) { $0.password("password") }
        let credentials = try await verified(password, at: "password", context)
        guard try await accounts.delete(credentials) else { throw passwordRefused(at: "password", context) }
        context.note(.accountDeleted)
        return Response(status: .noContent).settingCookies(cookies.clearing)
    }

    private func listSessions(_ request: Request, _ context: UserRequestContext) async throws -> JSONResponse<WholeList<SessionDocument>> {
        let live = try await sessions.list(of: context.user.id)
        return JSONResponse(WholeList(data: live.map { SessionDocument($0, isCurrent: $0.id == context.session) }))
    }

    private func endSession(_ request: Request, _ context: UserRequestContext) async throws -> Response {
        let id = try context.parameters.require("id")
        guard try await sessions.end(id, of: context.user.id) else { throw Problem.notFound }
        context.note(.sessionEnded, session: id)
        let response = Response(status: .noContent)
        return id == context.session ? response.settingCookies(cookies.clearing) : response
    }

    /// A sign-in always begins a new session and ends the one that came with it, so that nobody can plant one.
    private func newSession(for request: Request) async throws -> NewSession {
        NewSession(userAgent: request.userAgent, replacing: try await presented(in: request)?.session)
    }

    private func signedIn(
        _ user: User,
        _ session: IssuedSession,
        _ status: HTTPResponse.Status,
        as event: SecurityEvent,
        _ request: Request,
        _ context: GatewayRequestContext
    ) throws -> Response {
        context.trail.signedIn = (user.id, session.session.id)
        context.note(event, user: user.id, session: session.session.id)
        let answer = try JSONResponse(UserDocument(user), status: status).response(from: request, context: context)
        return answer.settingCookies(cookies.setting(session))
    }

    private func presented(in request: Request) async throws -> SignedIn? {
        try await sessions.presented(
            accessToken: cookies.accessToken(in: request.headers), refreshToken: cookies.refreshToken(in: request.headers))
    }

    private func verified(_ password: Password, at path: String, _ context: UserRequestContext) async throws -> Credentials {
        _ = try await limiter.signIn(to: context.user.email, from: context.client)
        guard let credentials = try await accounts.verified(password, of: context.user, isWanted: context.isClientThere) else {
            throw passwordRefused(at: path, context)
        }
        try await limiter.forgiveFailures(of: context.user.email, from: context.client)
        return credentials
    }

    private func passwordRefused(at path: String, _ context: UserRequestContext) -> Problem {
        context.note(.passwordRefused)
        var problem = Problem(.notAllowed, "The password is not right.")
        problem.errors = [Problem.Field(path: path, message: "is not right")]
        return problem
    }
}

extension Request {
    /// What a person may recognise a session by.
    fileprivate var userAgent: String? {
        headers[.userAgent].map { String($0.unicodeScalars.filter { $0.properties.generalCategory != .control }.prefix(200).map(Character.init)) }
    }
}

extension Response {
    fileprivate func with(_ fields: HTTPFields) -> Response {
        var response = self
        response.headers.append(contentsOf: fields)
        return response
    }

    fileprivate func settingCookies(_ cookies: [String]) -> Response {
        var response = self
        for cookie in cookies { response.headers.append(HTTPField(name: .setCookie, value: cookie)) }
        return response
    }
}

extension Problem {
    fileprivate func settingCookies(_ cookies: [String]) -> Problem {
        var problem = self
        for cookie in cookies { problem.headers.append(HTTPField(name: .setCookie, value: cookie)) }
        return problem
    }
}
