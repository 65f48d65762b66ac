import Persistence
import Testing

@Suite struct IdentifierGeneratorTests {
    @Test func identifiersHaveTheirVersionTheirVariantAndTheTime() {
        let generator = IdentifierGenerator(clock: WallClock { Timestamp(milliseconds: 0x0123_4567_89AB) }, random: { .max })
        #expect(generator.next() == "01234567-89ab-77ff-bfff-ffffffffffff")
        #expect(generator.next() == "01234567-89ab-7800-bfff-ffffffffffff")
    }

    @Test func r100_identifiersRiseThoughTheClockStandsOrGoesBack() {
        let clock = ManualClock()
        let generator = IdentifierGenerator(clock: clock.wall)
        var identifiers = (0..<10_000).map { _ in generator.next() }
        clock.advance(by: .seconds(-3_600))
        identifiers += (0..<100).map { _ in generator.next() }
        clock.advance(by: .seconds(7_200))
        identifiers += (0..<100).map { _ in generator.next() }
        #expect(zip(identifiers, identifiers.dropFirst()).allSatisfy { $0 < $1 })
    }

    @Test func aClockBeforeTheEpochDoesNotTrap() {
        let generator = IdentifierGenerator(clock: WallClock { Timestamp(milliseconds: .min) })
        #expect(generator.next() < generator.next())
    }
}
