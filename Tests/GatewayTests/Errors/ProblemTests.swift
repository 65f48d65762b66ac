import AgentRuntime
import DatabaseFixtures
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Persistence
import Testing

@testable import Gateway

@Suite struct ProblemTests {
    private struct Canary: Error, CustomStringConvertible {
        var description: String { "canary /etc/agent SELECT" }
    }

    /// The members, and the request's id as instance.
    @Test func r076_aProblemIsADocument() async throws {
        try await withGateway { _, browser in
            let answer = try await browser.send(.get, "/api/nothing")
            #expect(answer.status == 404)
            #expect(answer.headers[.contentType] == "application/problem+json")
            #expect(answer.json.object?.keys.sorted() == ["detail", "instance", "status", "title", "type"])
            #expect(answer.json["status"]?.integer == 404)
            #expect(answer.json["type"]?.string == "urn:agent:problem:not-found")
            #expect(answer.json["instance"]?.string == answer.headers[.requestID])
        }
    }

    /// Whatever went wrong inside stays inside.
    @Test func r076_theCauseIsNotShown() async throws {
        let errors: [(any Error, Int)] = [
            (Canary(), 500), (StoreError.failed("canary"), 500), (StoreError.corrupt("canary"), 500), (StoreError.constraint("canary"), 500),
            (StoreError.effectMismatch(key: "canary"), 422), (StoreError.cannotOpen(path: "canary", reason: "canary"), 503), (StoreError.locked, 503),
            (StoreError.diskFull, 503), (StoreError.overloaded, 503), (StoreError.inputOutput("canary"), 503), (StoreError.writesStopped, 503),
            (StoreError.noSuchOwner, 401), (StoreError.emailTaken, 409), (StoreError.textHoldsNUL, 400), (TodoError.notFound(7), 404),
            (TodoError.invalid(field: "title", sentence: "It is too long."), 422), (HTTPError(.badRequest, message: "canary"), 400),
            (HTTPError(.contentTooLarge, message: "canary"), 413), (CancellationError(), 503), (PasswordHasher.Refusal.busy(seconds: 3), 503),
            (HTTPError(.upgradeRequired), 500),
        ]
        try await withDatabase { database in
            let gateway = try await GatewayFixture(database)
            let application = gateway.application { router in
                for (index, error) in errors.enumerated() {
                    router.get("api/fails\(index)") { _, _ -> Response in throw error.0 }
                }
            }
            try await application.test(.router) { client in
                for (index, error) in errors.enumerated() {
                    let answer = try await Browser(client, origin: nil).send(.get, "/api/fails\(index)")
                    #expect(answer.status == error.1)
                    #expect(answer.headers[.contentType] == "application/problem+json")
                    #expect(!answer.text.contains("canary"))
                    #expect((answer.headers[.retryAfter].flatMap { Int($0) } ?? 0 >= 1) == (answer.status == 503))
                }
            }
            #expect(!gateway.log.text.contains("/etc/agent"))
            #expect(gateway.log.text.contains("Canary"))
        }
    }

    @Test func everyKindHasItsOwnType() {
        let kinds = Problem.Kind.allCases
        #expect(Set(kinds.map(\.type)).count == kinds.count)
        #expect(kinds.allSatisfy { $0.status.code >= 400 && !$0.title.isEmpty })
    }

    @Test func furtherMembersAreShown() {
        let problem = Problem(.conflict, "A run is active.").with("run_id", "r1")
        #expect(problem.document(instance: "i")["run_id"] == "r1")
        #expect(problem.document(instance: "i")["status"] == 409)
    }
}
