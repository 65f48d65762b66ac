import AgentTesting
import DatabaseFixtures
import HTTPTypes
import Hummingbird
import Logging
import Persistence
import Testing

@testable import AgentRuntime
@testable import Gateway

@Suite struct OpenAPITests {
    private let document = DescribedAPI.document

    @Test func theDescriptionIsServed() async throws {
        try await withGateway { _, browser in
            let answer = try await browser.another().send(.get, "/openapi.json")
            #expect(answer.status == 200)
            #expect(answer.headers[.contentType] == "application/json")
            #expect(answer.json["openapi"] == "3.1.1")
            #expect(answer.json["servers"] == [["url": "http://localhost"]])
        }
    }

    @Test func r053_everyRouteIsDescribedAndEveryDescriptionServed() async throws {
        try await withDatabase { database in
            let stores = Stores(database: database)
            let logger = Logger(label: "routes") { _ in SwiftLogNoOpLogHandler() }
            let parts = GatewayParts(
                agent: Agent(name: "Assistant"), runner: Runner(model: ScriptedModel()), stores: stores,
                instance: try await stores.instances.start("test"), keys: try SigningKeys(text: GatewayFixture.secret),
                modelDescription: "none", starters: [])
            let configuration = try GatewayConfiguration(host: "127.0.0.1", port: 80)
            let fixture = try await GatewayFixture(database)
            let supervisor = RunSupervisor(limits: ChatLimits(), clock: ContinuousClock(), logger: logger)
            let chat = ChatService(parts, supervisor: supervisor, logger: logger)
            let router = try Router.gateway(parts, configuration, fixture.sessions, fixture.apiTokens, chat)
            let files = Set(WebPage.files.map { "GET /" + $0.0 })
            let served = Set(router.routes.map { "\($0.method) \($0.path)" }).subtracting(files)
            let described = Set(APIOperation.all.map { "\($0.method) \($0.path)" })
            #expect(served.subtracting(described).sorted() == [], "served, and in no APIOperation")
            #expect(described.subtracting(served).sorted() == [], "described, and not served")
        }
    }

    @Test func operationsHaveNamesOfTheirOwn() {
        let ids = APIOperation.all.map(\.id)
        #expect(Set(ids).count == ids.count)
        #expect(Set(APISchema.all.map(\.name)).count == APISchema.all.count)
    }

    @Test func everyReferenceLeadsSomewhere() {
        let references = document.references
        #expect(references.count > 100)
        for reference in Set(references) {
            #expect(SchemaReference.target(of: reference, in: document) != nil, "\(reference)")
        }
    }

    @Test func everyLinkLeadsToAnOperationThatTakesItsParameter() {
        let links = APIOperation.all.flatMap { $0.answers.flatMap(\.links) }
        #expect(links.count > 10)
        for link in links {
            let target = APIOperation.all.first { $0.id == link.operation }
            #expect(target?.parameters.contains { $0.place == .path && $0.name == link.parameter } == true, "\(link.operation)")
        }
    }

    @Test func everyParameterOfAPathIsDescribed() {
        for operation in APIOperation.all {
            let inPath = operation.path.split(separator: "/").filter { $0.hasPrefix("{") }.map { String($0.dropFirst().dropLast()) }
            #expect(operation.parameters.filter { $0.place == .path }.map(\.name) == inPath, "\(operation.id)")
        }
    }

    @Test func aCookieIsNamedAsTheServerNamesIt() throws {
        let secure = OpenAPIDocument(
            of: try GatewayConfiguration(host: "0.0.0.0", port: 443, publicURL: "https://agent.example.com", servesTLS: true)
        ).json
        #expect(secure["components"]?["securitySchemes"]?["session"]?["name"] == "__Host-agent")
        #expect(document["components"]?["securitySchemes"]?["session"]?["name"] == "agent")
    }
}

extension JSONValue {
    fileprivate var references: [String] {
        if let reference = self["$ref"]?.string { return [reference] }
        return (array ?? object.map { Array($0.values) } ?? []).flatMap(\.references)
    }
}
