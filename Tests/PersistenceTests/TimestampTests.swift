import Foundation
import Persistence
import Testing

@Suite struct TimestampTests {
    @Test(arguments: [
        (0, "1970-01-01T00:00:00.000Z"), (1_795_413_300_123, "2026-11-23T05:55:00.123Z"), (-1, "1969-12-31T23:59:59.999Z"),
        (951_782_399_999, "2000-02-28T23:59:59.999Z"), (951_782_400_000, "2000-02-29T00:00:00.000Z"),
        (253_402_300_799_999, "9999-12-31T23:59:59.999Z"),
        (-62_135_596_800_000, "0001-01-01T00:00:00.000Z"),
    ])
    func momentsAreWrittenAsInRFC3339(milliseconds: Int64, text: String) {
        #expect(Timestamp(milliseconds: milliseconds).description == text)
        #expect(Timestamp(text)?.milliseconds == milliseconds)
    }

    @Test(arguments: [
        "", "2026-11-23", "2026-11-23T24:00:00.000Z", "2026-11-23T05:60:00.000Z", "2026-02-30T05:55:00.000Z", "2026-11-23T05:55:00.123+",
        "2026-11-23T05:55:+1.123Z",
    ])
    func otherTextsAreNotMoments(text: String) {
        #expect(Timestamp(text) == nil)
    }

    @Test func theEndsOfTimeDoNotTrap() {
        #expect(Timestamp(milliseconds: .max).description.hasPrefix("9999-12-31T"))
        #expect(Timestamp(milliseconds: .min).description.hasPrefix("0001-01-01T"))
        #expect(Timestamp(milliseconds: .max).adding(.seconds(1)) == Timestamp(milliseconds: .max))
        #expect(Timestamp(milliseconds: .min).adding(.seconds(-1)) == Timestamp(milliseconds: .min))
        #expect(Timestamp(milliseconds: 0).adding(.seconds(Int64.max)) == Timestamp(milliseconds: .max))
    }
}
