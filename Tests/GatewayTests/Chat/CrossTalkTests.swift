import AgentRuntime
import AgentTesting
import DatabaseFixtures
import HTTPTypes
import Persistence
import Testing

@testable import Gateway

@Suite(.timeLimit(.minutes(5))) struct CrossTalkTests {
    private static let people = 20
    private static let rounds = 3

    /// A model that looks at the list and then repeats everything that it was told.
    private static func repeating() -> ScriptedModel {
        ScriptedModel(
            (0..<(people * rounds * 2)).map { _ in
                .respond { request in
                    await Task.yield()
                    let wasCalled = if case .functionCallOutput? = request.input.last { true } else { false }
                    guard wasCalled else { return .calling(Item.FunctionCall(callID: "call_1", name: "list_todos", arguments: "{}")) }
                    return .said(request.input.map(\.json.text).joined() + (request.instructions ?? ""))
                }
            })
    }

    /// The canaries that a text has.
    private static func canaries(_ text: String) -> Set<Substring> {
        Set(text.matches(of: /canary-\d+-/).map { $0.output })
    }

    @Test(arguments: Driver.all) func r090_manyPeopleAtOnceHearAndStoreOnlyTheirOwn(on driver: Driver) async throws {
        let model = Self.repeating()
        try await withDatabase(on: driver) { database in
            let fixture = try await ChatFixture(database, model: model, limits: ChatLimits(runsPerUser: Self.rounds))
            try await fixture.serve { browser in
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for number in 0..<Self.people {
                        group.addTask {
                            let person = browser.another()
                            _ = try await person.register("person\(number)")
                            let own: Set<Substring> = ["canary-\(number)-"]
                            _ = try await person.send(.post, "/api/todos", ["title": .string("canary-\(number)-todo")])
                            try await withThrowingTaskGroup(of: Void.self) { chats in
                                for round in 0..<Self.rounds {
                                    chats.addTask {
                                        let answer = try await person.send(.post, "/api/chat", ["message": .string("canary-\(number)-\(round)")])
                                        #expect(answer.events.types.last == "done")
                                        #expect(Self.canaries(answer.text) == own)
                                    }
                                }
                                try await chats.waitForAll()
                            }
                            let lists = try await person.send(.get, "/api/conversations").text + person.send(.get, "/api/todos").text
                            #expect(Self.canaries(lists) == own)
                        }
                    }
                    try await group.waitForAll()
                }
            }
            #expect(model.requests.count == Self.people * Self.rounds * 2)
            for request in model.requests { #expect(Self.canaries(request.input.map(\.json.text).joined()).count == 1) }
            let rows = try await database.read { transaction in
                try transaction.all("SELECT r.owner AS owner, e.payload AS payload FROM run_events e JOIN runs r ON r.id = e.run_id")
                    .map { (try $0.text("owner"), try $0.text("payload")) }
            }
            let byOwner = Dictionary(grouping: rows, by: \.0).mapValues { Self.canaries($0.map(\.1).joined()) }
            #expect(byOwner.count == Self.people)
            #expect(byOwner.values.allSatisfy { $0.count == 1 })
            #expect(Set(byOwner.values).count == Self.people)
        }
    }
}
