import AgentRuntime
import AgentTesting
import DatabaseFixtures
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Testing

@testable import Gateway

@Suite struct HealthTests {
    private struct Down: Error {}

    @Test func healthAsksForNothing() async throws {
        try await withGateway { _, browser in
            let answer = try await browser.send(.get, "/healthz")
            #expect(answer.status == 200)
            #expect(answer.text == #"{"status":"ok"}"#)
            #expect(try await browser.send(.get, "/readyz").text == #"{"status":"ok"}"#)
        }
    }

    @Test func readinessNamesWhatFails() async throws {
        let readiness = Readiness([
            .init(name: "database") { throw Down() }, .init(name: "migrations") { true }, .init(name: "draining") { false },
        ])
        let router = Router(context: GatewayRequestContext.self)
        HealthController(readiness: readiness).addRoutes(to: router)
        try await Application(responder: GatewayResponder(router), logger: LogRecorder().logger).test(.router) { client in
            let answer = try await Browser(client, origin: nil).send(.get, "/readyz")
            #expect(answer.status == 503)
            #expect(answer.json == ["status": "unavailable", "failing": ["database", "draining"]])
        }
    }

    /// R-099: a database that does not answer is a database that is not there.
    @Test func r099_aCheckThatHangsHasFailed() async throws {
        let clock = ManualClock()
        let never = Gate()
        let readiness = Readiness(
            [
                .init(name: "database") {
                    try await never.wait()
                    return true
                }
            ],
            clock: clock)
        async let failing = readiness.failing()
        await clock.untilSleeping()
        clock.advance(by: .seconds(2))
        #expect(await failing == ["database"])
    }
}
