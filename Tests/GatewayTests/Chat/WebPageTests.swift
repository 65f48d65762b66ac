import Foundation
import Hummingbird
import HummingbirdTesting
import Testing

@testable import Gateway

@Suite struct WebPageTests {
    @Test func r073_everyFileOfTheFolderIsServed() throws {
        let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../../Sources/Gateway/Web").standardizedFileURL
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0 != "index.html" }
        #expect(Set(names) == Set(WebPage.files.keys))
        for name in names { #expect(WebPage.files[name].map { Data($0) } == FileManager.default.contents(atPath: folder.appending(path: name).path)) }
    }

    @Test func whatThePageIsToldCannotLeaveItsAttribute() async throws {
        let router = Router(context: BasicRequestContext.self)
        try WebPage(model: "\"><script>alert(1)</script>", starters: ["\" onload=\"x"]).addRoutes(to: router)
        try await Application(router: router).test(.router) { client in
            let page = String(buffer: try await client.execute(uri: "/", method: .get).body)
            #expect(!page.contains("<script>alert"))
            #expect(!page.contains("\" onload"))
            #expect(page.contains("&quot;&gt;&lt;script"))
        }
    }
}
