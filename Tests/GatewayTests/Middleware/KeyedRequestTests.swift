import AgentRuntime
import AgentTesting
import DatabaseFixtures
import HTTPTypes
import Persistence
import Testing

@testable import Gateway

@Suite struct KeyedRequestTests {
    private let ann = User(id: "a", email: "ann@example.org", name: "Ann")
    private let bob = User(id: "b", email: "bob@example.org", name: "Bob")

    @Test(.timeLimit(.minutes(5))) func r061_aRepetitionBesideTheFirstIsAConflict() async throws {
        let requests = KeyedRequests()
        let (begun, gate) = (Gate(), Gate())
        async let first: Int = requests.perform("k", of: ann) {
            begun.open()
            try await gate.wait()
            return 1
        }
        try await begun.wait()
        let problem = await #expect(throws: Problem.self) { try await requests.perform("k", of: ann) { 2 } }
        #expect(problem?.kind == .conflict)
        let others = [
            try await requests.perform("k", of: bob) { 3 }, try await requests.perform("other", of: ann) { 4 },
            try await requests.perform(nil, of: ann) { 5 },
        ]
        #expect(others == [3, 4, 5])
        gate.open()
        #expect(try await first == 1)
        await #expect(throws: CancellationError.self) {
            try await requests.perform("k", of: ann) { () -> Int in throw CancellationError() }
        }
        let last = try await requests.perform("k", of: ann) { 7 }
        #expect(last == 7)
    }

    @Test(arguments: Driver.all) func r061_aKeyIsKnownAfterARestart(on driver: Driver) async throws {
        try await withDatabase(on: driver) { database in
            let key: HTTPFields = [.idempotencyKey: "k-1"]
            let first = try await GatewayFixture(database).browse { browser in
                _ = try await browser.register("ann")
                return try await browser.send(.post, "/api/todos", ["title": "Milk"], key)
            }
            try await GatewayFixture(database).browse { browser in
                _ = try await browser.signIn("ann")
                let again = try await browser.send(.post, "/api/todos", ["title": "Milk"], key)
                #expect(again.status == 201 && again.text == first.text)
                #expect(try await browser.send(.post, "/api/todos", ["title": "Eggs"], key).status == 422)
                #expect(try await browser.send(.get, "/api/todos").json["data"]?.array?.count == 1)
            }
        }
    }
}
