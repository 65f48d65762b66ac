extension Span {
    /// As the protocol buffers of OpenTelemetry are written in JSON: https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding
    var otlp: JSONValue {
        let described = SemanticSpan(of: self)
        var json: [String: JSONValue] = [
            "traceId": .string(TraceIDs.digits(of: trace.id, count: 32)), "spanId": .string(TraceIDs.digits(of: id, count: 16)),
            "name": .string(described.name), "kind": described.isRemote ? 3 : 1,
            "startTimeUnixNano": .string(String(startedAt)), "endTimeUnixNano": .string(String(endedAt ?? startedAt)),
            "attributes": OTLPValue.attributes(described.attributes),
        ]
        json["parentSpanId"] = parentID.map { .string(TraceIDs.digits(of: $0, count: 16)) }
        json["status"] = error.map { ["code": 2, "message": .string($0.message)] }
        return .object(json)
    }
}

/// Writes values as OpenTelemetry does: https://github.com/open-telemetry/opentelemetry-proto/blob/main/opentelemetry/proto/common/v1/common.proto
enum OTLPValue {
    /// By name; nulls are left out.
    static func attributes(_ values: [String: JSONValue]) -> JSONValue {
        .array(values.sorted { $0.key < $1.key }.filter { !$0.value.isNull }.map { ["key": .string($0.key), "value": any($0.value)] })
    }

    private static func any(_ value: JSONValue) -> JSONValue {
        switch value {
        case .null: [:]
        case .bool(let value): ["boolValue": .bool(value)]
        // 64 bits are more than a number of JSON holds everywhere.
        case .integer(let value): ["intValue": .string(String(value))]
        case .number(let value):
            ["doubleValue": value.isFinite ? .number(value) : .string(value.isNaN ? "NaN" : value < 0 ? "-Infinity" : "Infinity")]
        case .string(let value): ["stringValue": .string(value)]
        case .array(let values): ["arrayValue": ["values": .array(values.map(any))]]
        case .object(let members): ["kvlistValue": ["values": attributes(members)]]
        }
    }
}
