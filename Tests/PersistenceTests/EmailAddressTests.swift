import Persistence
import Testing

@Suite struct EmailAddressTests {
    @Test(arguments: [
        (" Ada@Example.ORG ", "ada@example.org"), ("E\u{301}a@x.org", "\u{E9}a@x.org"), ("\u{212A}@x.org", "k@x.org"), ("a@localhost", "a@localhost"),
        ("\u{C9}@x.org", "\u{E9}@x.org"),
    ])
    func oneAddressHasOneForm(typed: String, stored: String) {
        #expect(EmailAddress(typed).map { Array($0.description.utf8) } == Array(stored.utf8))
    }

    @Test(arguments: ["", "local", "@x.org", "a@", "a@b@c", "a b@x.org", "a@x..org", "a@x.org.", "a\u{0}@x.org", "a\u{200B}@x.org", "a@.x"])
    func whatIsNotAnAddressIsRefused(typed: String) {
        #expect(EmailAddress(typed) == nil)
    }

    @Test func lengthIsBounded() {
        #expect(EmailAddress(String(repeating: "a", count: 242) + "@example.org") != nil)
        #expect(EmailAddress(String(repeating: "a", count: 243) + "@example.org") == nil)
        #expect(EmailAddress(String(repeating: "a\u{301}", count: 1_000_000) + "@x.org") == nil)
    }
}
