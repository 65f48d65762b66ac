import Testing

/// Every numbered behaviour of the Agents SDK has a test with its number in its name, or a line on the page of differences.
struct ConformanceCoverageTests {
    @Test func everyNumberIsTestedOrListedAsADifference() throws {
        let coverage = try Coverage(packageOf: #filePath)
        #expect(coverage.missing == [])
        #expect(coverage.contradictions == [])
        #expect(coverage.unknown == [])
    }

    @Test func thereAre254Numbers() {
        #expect(Coverage.all.count == 254)
        #expect([Coverage.all.first, Coverage.all.last] == ["L1", "Z254"])
        #expect(Coverage.all.contains("T41") && Coverage.all.contains("Y250"))
    }

    @Test func namesAndLinesAreRead() {
        // The word is set in so that these names are not read as tests themselves.
        let function = "func"
        let coverage = Coverage(
            testSources: ["@Test \(function) l1_t41_both() {}", "\(function) x2_unknown()", "\(function) l40_this() {}"],
            differences: "# Title\n- **L2**: Not so. Because.\n- **T41** (tested): Ours.\n- **L40**: Claimed.\n- **L3** (tested): Nowhere.\n- **L4**:"
        )
        #expect(coverage.tested == ["L1", "T41", "X2", "L40"])
        #expect(coverage.differing == ["L2", "T41", "L40", "L3"])
        #expect(coverage.contradictions == ["L40", "L3"])
        #expect(coverage.unknown == ["X2"])
        #expect(coverage.missing.count == 254 - 5)
    }
}
