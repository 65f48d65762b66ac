#if DEBUG
    import Testing

    @testable import Persistence

    @Suite struct FailpointTests {
        @Test func aPlanFailsAtItsPlaceAndItsTimeOnly() throws {
            let plan = try #require(FailpointPlan("K7:2:error"))
            try plan.reach(.changing)
            try plan.reach(.changed)
            #expect(throws: StoreError.outcomeUnknown) { try plan.reach(.changing) }
            try plan.reach(.changing)
        }

        @Test func aStarIsEveryTime() throws {
            let plan = try #require(FailpointPlan("K14:*:error"))
            for _ in 1...3 { #expect(throws: StoreError.outcomeUnknown) { try plan.reach(.takenOver) } }
        }

        @Test(arguments: ["K7", "K7:1", "K7:0:kill", "K7:x:kill", "K99:1:kill", "K7:1:boom", "K7:1:stall=", "K7:1:stall=-1", "K7:1:stall=60001", ""])
        func aPlanThatSaysSomethingElseIsNone(_ text: String) {
            #expect(FailpointPlan(text) == nil)
        }

        @Test func withoutAPlanNothingHappensAndEveryRuleIsKept() throws {
            for place in [Failpoint.read, .accepted, .changing, .ended] { try Failpoint.reach(place) }
            for rule in [KeptRule.claim, .order, .sync] { #expect(rule.isKept) }
        }
    }
#endif
