import AgentRuntime
import Testing

@Suite struct CallKeyTests {
    @Test func writesAreCountedWithinTheCall() {
        let key = CallKey(run: "r1", turn: 2, index: 3)
        #expect(key.text == "r1/2/3")
        #expect([key.nextWrite(), key.nextWrite()] == ["r1/2/3/1", "r1/2/3/2"])
        #expect(CallKey(run: "r1", turn: 2, index: 3).nextWrite() == "r1/2/3/1")
    }
}
