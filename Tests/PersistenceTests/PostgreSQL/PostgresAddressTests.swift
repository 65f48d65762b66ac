import Persistence
import Testing

@Suite struct PostgresAddressTests {
    @Test(arguments: [
        "postgres://ada:s3cret@db.example.org:5433/chat?sslmode=verify-full", "postgresql://ada:s3cret@[::1]:5433/chat",
        "postgres://ada@host/chat?password=s3cret", "postgres://ada:%73%33cret@/chat?host=/run/postgresql",
    ])
    func noPasswordIsInADescription(text: String) throws {
        let address = try DatabaseAddress(text)
        var dumped = ""
        dump(address, to: &dumped)
        for description in ["\(address)", String(reflecting: address), dumped] {
            #expect(!description.contains("s3cret"))
            #expect(description.contains("chat"))
        }
    }

    @Test func aDescriptionSaysWhereAndAsWhom() throws {
        #expect("\(try PostgresAddress("postgres://ada:x@db:5433/chat"))" == "PostgreSQL at db, port 5433, database chat as ada")
    }

    @Test func itsOwnParametersAreRead() throws {
        let address = try PostgresAddress("postgres://db/chat?schema=a%20b&readers=7&allow_fsync_off=true")
        #expect((address.schema, address.readers, address.allowsUnsafeServer) == ("a b", 7, true))
        let plain = try PostgresAddress("postgres://db/chat")
        #expect((plain.schema, plain.readers, plain.allowsUnsafeServer) == (nil, 4, false))
    }

    @Test func anUnknownParameterIsNamedWithThoseThatAreKnown() {
        #expect {
            try DatabaseAddress("postgres://ada:s3cret@db/chat?sslmod=require")
        } throws: {
            let sentence = "\($0)"
            return sentence.contains("'sslmod'") && sentence.contains("sslmode, sslrootcert") && !sentence.contains("s3cret")
        }
    }

    @Test(arguments: [
        "postgres:", "postgres:/x", "postgres://ada:s3cret@db:port/chat", "postgres://ada:s3cret@db:0/chat", "postgres://ada:s3cret@db:70000/chat",
        "postgres://ada:s3cret@a,b/chat:5,6", "postgres://ada:s3cret@db/chat?readers=0", "postgres://ada:s3cret@db/chat?readers=x",
        "postgres://ada:s3cret@db/chat?sslmode", "postgres://ada:s3cret%@db/chat", "postgres://ada:s3cret%0g@db/chat",
        "postgres://ada:s3cret%00@db/chat",
        "postgres://ada:s3cret @db/chat", "postgres://ada:s3cret\n@db/chat", "postgres://ada:s3cret@db/chat#x", "postgres://ada:x?s3cret=y@db/chat",
        "postgres://ada:x/s3cret@db/chat", "postgres://ada:s3cret@[::1/chat", "postgres://ada:s3cret@db/chat?allow_fsync_off=1",
        "postgres://ada:s3cret@db/chat?options=-cx=y", "postgres://ada:s3cret@db/chat?schema=",
    ])
    func whatIsNotAnAddressIsRefusedWithoutItsPassword(text: String) {
        #expect { try DatabaseAddress(text) } throws: { $0 is StoreError && !"\($0)".contains("s3cret") }
    }
}
