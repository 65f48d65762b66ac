import Testing

/// Every numbered requirement of the gateway has a test with its number in its name, or a line on the page about them.
struct RequirementCoverageTests {
    @Test func everyNumberIsTestedOrAccountedFor() throws {
        let coverage = try RequirementCoverage(packageOf: #filePath)
        #expect(coverage.missing == [])
        #expect(coverage.mistaken == [])
        #expect(coverage.tested.count >= 60)
    }

    @Test func namesAndLinesAreRead() {
        // The words are set in so that these names are not read as tests themselves.
        let (function, definition) = ("func", "def")
        let page = """
            ## The numbers
            - **R-001**: Cookies.
            ## Decided otherwise
            - **R-002**: Because.
            - **R-003**:
            - **R-200**: Nothing.
            ## Open
            - **R-004**: To come.
            - **R-002**: To come.
            """
        let coverage = RequirementCoverage(
            swift: ["@Test \(function) r001_r043_both() {}", "\(function) r165_ofTheLoop()"],
            python: ["\(definition) test_r062_framing():", "\(definition) r064_flood(server):", "\(definition) of_r065_no():"], page: page)
        #expect(coverage.tested == ["R-001", "R-043", "R-062", "R-064"])
        #expect(coverage.decided == ["R-002", "R-200"])
        #expect(coverage.open == ["R-004", "R-002"])
        #expect(coverage.missing.count == 105 - 6)
        #expect(coverage.mistaken.isSuperset(of: ["R-002", "R-200", "R-120"]) && !coverage.mistaken.contains("R-001"))
    }
}
