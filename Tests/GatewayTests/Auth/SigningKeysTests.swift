import DatabaseFixtures
import Foundation
import Testing

@testable import Gateway

///
@Suite struct SigningKeysTests {
    private static let key = "0123456789abcdef0123456789abcdef"

    @Test(arguments: [
        ("", SigningKeyError.missing), ("secret", .tooShort(bytes: 6)), (String(key.dropLast()), .tooShort(bytes: 31)),
        (String(repeating: "a", count: 64), .oneLetter), ("\(key),", .missing), ("\(key),\(key)", .repeated), ("\(key), \(key)x", .surroundedBySpace),
        ("\(key)\n", .surroundedBySpace), ("\(key)a,\(key)b,\(key)c", .tooMany),
    ])
    func r017_aBadKeyIsRefusedWithoutBeingShown(text: String, error: SigningKeyError) {
        #expect(throws: error) { try SigningKeys(text: text) }
        #expect(text.isEmpty || !error.description.contains(text))
    }

    @Test func r017_theIDIsTheBeginningOfTheSHA256() throws {
        let keys = try SigningKeys(text: "abcdefghijklmnopqrstuvwxyzabcdef,\(Self.key)")
        // printf %s KEY | sha256sum
        #expect(keys.current.id == "2070df23e0d95759")
        #expect(keys.previous?.id == "3eb1bd439947eb76")
    }

    @Test func r017_aSecretShowsNothingOfItself() throws {
        let secret = Secret("canary".utf8)
        var dumped = ""
        dump(secret, to: &dumped)
        for shown in [String(describing: secret), String(reflecting: secret), "\([secret])", dumped] {
            #expect(!shown.contains("canary") && !shown.contains("99"))
        }
        let keys = try SigningKeys(text: Self.key)
        #expect(!String(reflecting: keys).contains("48, 49"))
    }

    @Test func r017_aKeyFileIsMadeOnceAndForThisAccountOnly() async throws {
        try await withTemporaryFolder { folder in
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            let path = folder + "/secret"
            let first = try SigningKeys.kept(inFile: path)
            #expect(try SigningKeys.kept(inFile: path).current.id == first.current.id)
            #expect(try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int == 0o600)
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["secret"])
            try FileManager.default.setAttributes([.posixPermissions: 0o640], ofItemAtPath: path)
            #expect(throws: SigningKeyError.openFile(path: path)) { try SigningKeys.kept(inFile: path) }
            #expect(try SigningKeys(file: path).current.id == first.current.id)
        }
    }

    @Test func r017_manyProcessesThatStartTogetherGetOneKey() async throws {
        try await withTemporaryFolder { folder in
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            let path = folder + "/secret"
            let ids = try await withThrowingTaskGroup(of: String.self) { group in
                for _ in 0..<20 { group.addTask { try SigningKeys.kept(inFile: path).current.id } }
                return try await group.reduce(into: Set<String>()) { $0.insert($1) }
            }
            #expect(ids.count == 1)
        }
    }
}
