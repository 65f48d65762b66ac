/// One JSON object an event, told apart by `type`; the names are those of the chat events that readers see.
extension RunEvent: Codable {
    private enum Key: String, CodingKey {
        case type, turn, attempt, delta, response, sent, start, verdict, call, result, handoff, check, calls, decision, handled, trip, output,
            failure, begun,
            event, items, compaction
    }

    private enum Kind: String, Codable {
        case start, guardrail, delta, reasoning, response, handoff, restart, done, stopped, error, nested, compaction
        case toolCall = "tool_call"
        case toolStarted = "tool_start"
        case toolResult = "tool_result"
        case toolGuardrail = "tool_guardrail"
        case toolUse = "tool_use"
        case approvalChecked = "approval_check"
        case approvalRequested = "approval"
        case approvalDecided = "approval_decision"
        case inputAdded = "input"
        case recovered = "recovery"
        /// Told apart, so that what is provisional can be left out by its type.
        case nestedDelta = "nested_delta"
    }

    /// The event's `type`.
    public var type: String { kind.rawValue }

    private var kind: Kind {
        switch self {
        case .start: .start
        case .guardrail: .guardrail
        case .delta: .delta
        case .reasoning: .reasoning
        case .response: .response
        case .toolCall: .toolCall
        case .toolStarted: .toolStarted
        case .toolResult: .toolResult
        case .toolGuardrail: .toolGuardrail
        case .toolUse: .toolUse
        case .handoff: .handoff
        case .approvalChecked: .approvalChecked
        case .approvalRequested: .approvalRequested
        case .approvalDecided: .approvalDecided
        case .inputAdded: .inputAdded
        case .compaction: .compaction
        case .recovered: .recovered
        case .nested(_, let event): event.isDecided ? .nested : .nestedDelta
        case .restart: .restart
        case .done: .done
        case .stopped: .stopped
        case .error: .error
        }
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        func value<T: Decodable>(_ key: Key) throws -> T { try container.decode(T.self, forKey: key) }
        let type = try container.decode(String.self, forKey: .type)
        guard let kind = Kind(rawValue: type) else {
            throw DecodingError.dataCorruptedError(
                forKey: .type, in: container, debugDescription: "The log holds an event '\(type.prefix(60))', which this version does not know.")
        }
        self =
            switch kind {
            case .start: .start(try value(.start))
            case .guardrail: .guardrail(try value(.verdict))
            case .delta: .delta(try value(.delta))
            case .reasoning: .reasoning(try value(.delta))
            case .response: .response(turn: try value(.turn), try value(.response), sent: try container.decodeIfPresent([Int].self, forKey: .sent))
            case .toolCall: .toolCall(try value(.call))
            case .toolStarted: .toolStarted(try value(.begun))
            case .toolResult: .toolResult(try value(.result))
            case .toolGuardrail: .toolGuardrail(try value(.trip))
            case .toolUse: .toolUse(try value(.decision))
            case .handoff: .handoff(try value(.handoff))
            case .approvalChecked: .approvalChecked(try value(.check))
            case .approvalRequested: .approvalRequested(try value(.calls))
            case .approvalDecided: .approvalDecided(try value(.decision))
            case .inputAdded: .inputAdded(try value(.items))
            case .compaction: .compaction(try value(.compaction))
            case .recovered: .recovered(try value(.handled))
            case .nested, .nestedDelta: .nested(try value(.call), try value(.event))
            case .restart: .restart(turn: try value(.turn), attempt: try value(.attempt))
            case .done: .done(try value(.output))
            case .stopped: .stopped
            case .error: .error(try value(.failure))
            }
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(kind, forKey: .type)
        switch self {
        case .start(let start): try container.encode(start, forKey: .start)
        case .guardrail(let verdict): try container.encode(verdict, forKey: .verdict)
        case .delta(let text), .reasoning(let text): try container.encode(text, forKey: .delta)
        case .response(let turn, let response, let sent):
            try container.encode(turn, forKey: .turn)
            try container.encode(response, forKey: .response)
            try container.encodeIfPresent(sent, forKey: .sent)
        case .toolCall(let call): try container.encode(call, forKey: .call)
        case .toolStarted(let start): try container.encode(start, forKey: .begun)
        case .toolResult(let result): try container.encode(result, forKey: .result)
        case .toolGuardrail(let trip): try container.encode(trip, forKey: .trip)
        case .toolUse(let decision): try container.encode(decision, forKey: .decision)
        case .handoff(let handoff): try container.encode(handoff, forKey: .handoff)
        case .approvalChecked(let check): try container.encode(check, forKey: .check)
        case .approvalRequested(let calls): try container.encode(calls, forKey: .calls)
        case .approvalDecided(let decision): try container.encode(decision, forKey: .decision)
        case .inputAdded(let items): try container.encode(items, forKey: .items)
        case .compaction(let record): try container.encode(record, forKey: .compaction)
        case .recovered(let output): try container.encode(output, forKey: .handled)
        case .nested(let call, let event):
            try container.encode(call, forKey: .call)
            try container.encode(event, forKey: .event)
        case .restart(let turn, let attempt):
            try container.encode(turn, forKey: .turn)
            try container.encode(attempt, forKey: .attempt)
        case .done(let output): try container.encode(output, forKey: .output)
        case .stopped: break
        case .error(let failure): try container.encode(failure, forKey: .failure)
        }
    }
}
