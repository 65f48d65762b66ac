import AgentRuntime
import DatabaseFixtures
import Persistence

struct NotAccepted: Error {
    let acceptance: RunAcceptance
}

/// A run that an instance named `here` performs.
func acceptedRun(
    _ stores: Stores,
    owner: String,
    conversation: String? = nil,
    by instance: Instance? = nil,
    activeLimit: Int = 2
) async throws -> (run: Run, log: DatabaseRunLog) {
    let request = RunRequest(
        owner: owner,
        conversation: conversation,
        title: "Milk",
        start: RunStart(agent: "Assistant", input: [.user("Add milk")]),
        activeLimit: activeLimit
    )
    let performer = if let instance { instance } else { try await stores.instances.start("here") }
    let acceptance = try await stores.runs.accept(request, by: performer)
    guard case .accepted(let run, let log) = acceptance else { throw NotAccepted(acceptance: acceptance) }
    return (run, log)
}

/// Stores with one account in them.
func withStores(on driver: Driver, _ body: (Stores, User, ManualClock) async throws -> Void) async throws {
    try await withDatabase(on: driver) { database in
        let clock = ManualClock()
        let stores = Stores(database: database, clock: clock.wall)
        try await body(stores, try await stores.users.create(email: .of("ada"), name: "Ada", passwordHash: "h"), clock)
    }
}
