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
        let presented = try await presented(in: request)
        let user = try await accounts.register(registration, isWanted: context.isClientThere)
        return try await open(for: user, .created, as: .registered, replacing: presented, request, context).with(limits)
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
        let presented = try await presented(in: request)
        guard let user = try await accounts.user(fields, isWanted: context.isClientThere) else {
            context.note(.signInRefused, user: try await accounts.id(of: fields.email))
            throw Problem(.notSignedIn, "The address or the password is not right.").with(.wwwAuthenticate, "Cookie realm=\"agent\"")
        }
        try await limiter.forgiveFailures(of: fields.email, from: context.client)
        return try await open(for: user, .ok, as: .signedIn, replacing: presented, request, context).with(limits)
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
        try await checkPassword(current, at: "current_password", context)
        try await accounts.setPassword(new, of: context.user, isWanted: context.isClientThere)
        context.note(.passwordChanged)
        let session = try await sessions.open(for: context.user, userAgent: request.userAgent)
        return Response(status: .noContent).settingCookies(cookies.setting(session))
    }

    private func deleteAccount(_ request: Request, _ context: UserRequestContext) async throws -> Response {
        let password = try await RequestFields.read(request) { $0.password("password") }
        try await checkPassword(password, at: "password", context)
        try await accounts.delete(context.user)
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
    private func open(
        for user: User,
        _ status: HTTPResponse.Status,
        as event: SecurityEvent,
        replacing presented: SignedIn?,
        _ request: Request,
        _ context: GatewayRequestContext
    ) async throws -> Response {
        let session = try await sessions.open(for: user, userAgent: request.userAgent)
        if let presented { _ = try await sessions.end(presented.session, of: presented.user.id) }
        context.trail.signedIn = (user.id, session.session.id)
        context.note(event, user: user.id, session: session.session.id)
        let answer = try JSONResponse(UserDocument(user), status: status).response(from: request, context: context)
        return answer.settingCookies(cookies.setting(session))
    }

    private func presented(in request: Request) async throws -> SignedIn? {
        try await sessions.presented(
            accessToken: cookies.accessToken(in: request.headers), refreshToken: cookies.refreshToken(in: request.headers))
    }

    private func checkPassword(_ password: Password, at path: String, _ context: UserRequestContext) async throws {
        _ = try await limiter.signIn(to: context.user.email, from: context.client)
        guard try await accounts.verify(password, of: context.user, isWanted: context.isClientThere) else {
            context.note(.passwordRefused)
            var problem = Problem(.notAllowed, "The password is not right.")
            problem.errors = [Problem.Field(path: path, message: "is not right")]
            throw problem
        }
        try await limiter.forgiveFailures(of: context.user.email, from: context.client)
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
