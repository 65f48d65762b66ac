import AgentRuntime
import DatabaseFixtures
import Persistence
import Testing

@Suite struct ConversationStoreTests {
    @Test(arguments: Driver.all) func aConversationBelongsToItsOwner(on driver: Driver) async throws {
        try await withStores(on: driver) { stores, ada, _ in
            let bob = try await stores.users.create(email: .of("bob"), name: "Bob", passwordHash: "h")
            let conversation = try await stores.conversations.create(owner: ada.id, title: "Milk")
            #expect(try await stores.conversations.get(conversation.id, owner: ada.id) == conversation)
            #expect(try await stores.conversations.list(owner: bob.id).data.isEmpty)
            await #expect(throws: ConversationError.notFound) { try await stores.conversations.get(conversation.id, owner: bob.id) }
            await #expect(throws: ConversationError.notFound) { try await stores.conversations.rename(conversation.id, to: "Mine", owner: bob.id) }
            await #expect(throws: ConversationError.notFound) { try await stores.conversations.delete(conversation.id, owner: bob.id) }
            await #expect(throws: ConversationError.notFound) { try await stores.conversations.touch(conversation.id, owner: bob.id) }
            await #expect(throws: StoreError.noSuchOwner) { try await stores.conversations.create(owner: "nobody", title: "Milk") }
            #expect(try await stores.conversations.get(conversation.id, owner: ada.id).title == "Milk")
        }
    }

    @Test(arguments: Driver.all) func theLatestComeFirstAndTheListGoesOnWhereItEnded(on driver: Driver) async throws {
        try await withStores(on: driver) { stores, ada, clock in
            var ids: [String] = []
            // Two at each moment: the id decides between them.
            for number in 0..<5 {
                ids.append(try await stores.conversations.create(owner: ada.id, title: "Talk \(number)").id)
                if number.isMultiple(of: 2) { clock.advance(by: .seconds(1)) }
            }
            try await stores.conversations.touch(ids[0], owner: ada.id)
            let expected = [ids[0], ids[4], ids[3], ids[2], ids[1]].sorted { $0 == ids[0] ? true : $1 == ids[0] ? false : $0 > $1 }
            var seen: [String] = []
            var after: String?
            repeat {
                let page = try await stores.conversations.list(owner: ada.id, limit: 2, after: after)
                seen += page.data.map(\.id)
                after = page.after
            } while after != nil
            #expect(seen == expected)
        }
    }

    @Test(arguments: Driver.all, ["", "x", "1", "1.", "a.b", "1.b.c", "99999999999999999999.a", "1.a\u{0}"])
    func aCursorThatNoListGaveIsRefusedOrHarmless(on driver: Driver, after: String) async throws {
        try await withStores(on: driver) { stores, ada, _ in
            _ = try await stores.conversations.create(owner: ada.id, title: "Milk")
            do {
                #expect(try await stores.conversations.list(owner: ada.id, after: after).data.isEmpty)
            } catch ConversationError.invalid(let field, _) {
                #expect(field == "after")
            }
        }
    }

    @Test(arguments: Driver.all) func titlesAreSearchedAndChanged(on driver: Driver) async throws {
        try await withStores(on: driver) { stores, ada, _ in
            let conversation = try await stores.conversations.create(owner: ada.id, title: "Einkauf für Müller")
            _ = try await stores.conversations.create(owner: ada.id, title: "100 %")
            #expect(try await stores.conversations.list(owner: ada.id, query: "MULLER").data == [conversation])
            #expect(try await stores.conversations.list(owner: ada.id, query: "%").data.map(\.title) == ["100 %"])
            try await stores.conversations.rename(conversation.id, to: "Garten", owner: ada.id)
            #expect(try await stores.conversations.list(owner: ada.id, query: "muller").data.isEmpty)
            #expect(try await stores.conversations.list(owner: ada.id, query: "garten").data.count == 1)
            for title in ["", " ", String(repeating: "a", count: 201), "a\u{0}"] {
                await #expect(throws: ConversationError.self) { try await stores.conversations.rename(conversation.id, to: title, owner: ada.id) }
            }
        }
    }

    @Test(arguments: Driver.all) func deletingTakesRunsEventsAndEffectsWithItButNoTodosAndNoNumbers(on driver: Driver) async throws {
        try await withStores(on: driver) { stores, ada, _ in
            let (run, log) = try await acceptedRun(stores, owner: ada.id)
            let todos = stores.todos.todos(of: ada.id, claim: log.claim)
            _ = try await todos.add(title: "Milk", for: CallKey(run: run.id, turn: 1, index: 0))
            #expect(try await stores.conversations.delete(run.conversation, owner: ada.id) == run.id)
            for table in ["runs", "run_events", "tool_effects", "conversations"] as [SQL] {
                let rows = try await stores.database.read { try $0.all("SELECT 1 AS one FROM \(table)") }
                #expect(rows.isEmpty)
            }
            // The run that is still under way can bring nothing back.
            await #expect(throws: StoreError.claimLost(run: run.id)) { try await log.append(.stopped).durable() }
            await #expect(throws: StoreError.claimLost(run: run.id)) {
                try await todos.add(title: "Eggs", for: CallKey(run: run.id, turn: 1, index: 1))
            }
            #expect(try await stores.todos.todos(of: ada.id).add(title: "Eggs").id == 2)
        }
    }
}
