/// One piece of work from end to end, to which spans belong: a run, or several that were made as one.
public struct Trace: Sendable, Hashable, Codable {
    /// `trace_` and 32 hex digits, unless it was given.
    public var id: String
    public var workflowName: String
    /// What joins traces of one conversation: `group_` and 24 hex digits, or an id of the application's own.
    public var groupID: String?
    public var metadata: [String: JSONValue]?

    public init(id: String, workflowName: String, groupID: String? = nil, metadata: [String: JSONValue]? = nil) {
        self.id = id
        self.workflowName = workflowName
        self.groupID = groupID
        self.metadata = metadata
    }

    /// The trace that the current task works for; nil outside a trace, or where tracing is off.
    public static var current: Trace? { TraceScope.current?.trace?.trace }

    /// As the Agents SDK exports it.
    public var json: JSONValue {
        [
            "object": "trace", "id": .string(id), "workflow_name": .string(workflowName), "group_id": JSONValue(groupID),
            "metadata": metadata.map(JSONValue.object) ?? .null,
        ]
    }

    private enum CodingKeys: String, CodingKey {
        case id, metadata
        case workflowName = "workflow_name"
        case groupID = "group_id"
    }
}

extension JSONValue {
    /// Null for nil.
    init(_ text: String?) {
        self = text.map(JSONValue.string) ?? .null
    }

    init(_ texts: [String]) {
        self = .array(texts.map(JSONValue.string))
    }
}
