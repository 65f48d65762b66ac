/// A call that waits for a person, and all that a decision about it is bound to.
public struct Interruption: Sendable, Hashable, Codable {
    public var turn: Int
    public var index: Int
    /// The provider's id, by which people name the call.
    public var callID: String
    /// The agent that wants to make the call.
    public var agent: String
    public var name: String
    /// As the model wrote them.
    public var arguments: String
    /// What the tool was when the person was asked.
    public var toolVersion: String
    /// Where the tool came from when the call was asked for.
    public var origin: ToolOrigin?
    private var parents: [ParentCall]?

    /// The calls of agents within which this one is, the outermost first; empty for a call of the run itself.
    public var path: [ParentCall] {
        get { parents ?? [] }
        set { parents = newValue.isEmpty ? nil : newValue }
    }

    /// The provider's ids from the outermost call to this one, joined by `/`; of a call of the run itself its own id.
    public var qualifiedID: String {
        (path.map(\.callID) + [callID]).joined(separator: "/")
    }

    init(_ call: ToolCall, agent: String, toolVersion: String) {
        turn = call.turn
        index = call.index
        callID = call.callID
        self.agent = agent
        name = call.name
        arguments = call.arguments
        self.toolVersion = toolVersion
        origin = call.origin
    }

    /// - Parameters:
    ///   - edited: What the call is made with in place of the model's arguments.
    ///   - always: Whether later calls of this tool by this agent in this run are approved too.
    public func approve(arguments edited: String? = nil, always: Bool = false) -> ApprovalDecision {
        ApprovalDecision(call: self, verdict: .approve, arguments: edited, always: always)
    }

    /// - Parameter message: What the model reads as the call's output.
    public func reject(message: String? = nil, always: Bool = false) -> ApprovalDecision {
        ApprovalDecision(call: self, verdict: .reject, message: message, always: always)
    }

    private enum CodingKeys: String, CodingKey {
        case turn, index, agent, name, arguments, origin
        case callID = "call_id"
        case toolVersion = "tool_version"
        case parents = "path"
    }
}

extension Interruption {
    /// The call as the run knows it within which it happens.
    func within(_ parent: ParentCall) -> Interruption {
        var call = self
        call.path.insert(parent, at: 0)
        return call
    }

    /// The call's own place under those of its parents.
    var place: [ParentCall] { path + [ParentCall(turn: turn, index: index, callID: callID)] }

    /// Whether the provider asks about a call that it makes itself, whose arguments nobody can edit.
    public var isHosted: Bool { HostedRequest(self) != nil }

    /// What a person needs to decide.
    public var json: JSONValue {
        ["call_id": .string(qualifiedID), "name": .string(name), "arguments": .string(arguments)]
    }
}

/// What a person decided about one call.
public struct ApprovalDecision: Sendable, Hashable, Codable {
    public var call: Interruption
    public var verdict: Verdict
    /// The person's arguments in place of the model's.
    public var arguments: String?
    /// What the model reads of a rejected call; nil for a fixed sentence.
    public var message: String?
    /// Whether it holds for later calls of the tool by the agent, until one is decided otherwise.
    public var always: Bool

    public enum Verdict: String, Sendable, Hashable, Codable {
        case approve, reject
    }

    init(call: Interruption, verdict: Verdict, arguments: String? = nil, message: String? = nil, always: Bool) {
        self.call = call
        self.verdict = verdict
        self.arguments = arguments
        self.message = message
        self.always = always
    }

    /// What a lasting decision says about another call.
    init(call: Interruption, like lasting: ApprovalDecision) {
        self.init(call: call, verdict: lasting.verdict, message: lasting.message, always: false)
    }
}

/// Which calls of a response have to wait for a person, as their tools' rules had it.
public struct ApprovalCheck: Sendable, Hashable, Codable {
    public var turn: Int
    /// The places of the calls that wait.
    public var waiting: [Int]
    /// The places of those that need not.
    public var cleared: [Int]
    /// Whether guardrails of the tools say so, which ask a person whatever was decided before; nil for no.
    public var isAgain: Bool?

    init(turn: Int, waiting: [Int], cleared: [Int] = [], isAgain: Bool? = nil) {
        self.turn = turn
        self.waiting = waiting
        self.cleared = cleared
        self.isAgain = isAgain
    }

    private enum CodingKeys: String, CodingKey {
        case turn, waiting, cleared
        case isAgain = "is_again"
    }
}
