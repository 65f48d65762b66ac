/// Reads scalars as a schema means them: `"1"` as an integer, `"true"` as a truth value, `1` as a text.
///
/// A value that fits as it is, or that no reading makes fit, stays as it is.
struct SchemaCoercion {
    let root: JSONValue

    func coerced(_ value: JSONValue) -> JSONValue {
        coerced(value, by: root, references: 0)
    }

    private func coerced(_ value: JSONValue, by schema: JSONValue, references: Int) -> JSONValue {
        if let reference = schema["$ref"]?.string {
            guard references < 100, let target = SchemaReference.target(of: reference, in: root) else { return value }
            return coerced(value, by: target, references: references + 1)
        }
        if let alternatives = (schema["anyOf"] ?? schema["oneOf"])?.array {
            let readings = [value] + alternatives.map { coerced(value, by: $0, references: references + 1) }
            return readings.first { fits($0, schema) } ?? value
        }
        switch value {
        case .object(let members):
            return .object(
                Dictionary(
                    uniqueKeysWithValues: members.map { name, member in
                        let property = schema["properties"]?[name] ?? schema["additionalProperties"] ?? true
                        return (name, coerced(member, by: property, references: 0))
                    }))
        case .array(let elements):
            let first = schema["prefixItems"]?.array ?? []
            return .array(
                elements.enumerated().map { index, element in
                    coerced(element, by: first.indices.contains(index) ? first[index] : schema["items"] ?? true, references: 0)
                })
        default:
            return fits(value, schema) ? value : value.readings.first { fits($0, schema) } ?? value
        }
    }

    private func fits(_ value: JSONValue, _ schema: JSONValue) -> Bool {
        do {
            var whole = schema.object ?? [:]
            for definitions in ["$defs", "definitions"] { whole[definitions] = whole[definitions] ?? root[definitions] }
            try SchemaCheck(root: .object(whole)).check(value)
            return true
        } catch {
            return false
        }
    }
}

extension JSONValue {
    /// What else a scalar may have been meant as.
    fileprivate var readings: [JSONValue] {
        switch self {
        case .string(let text):
            if let json = try? JSONValue(json: text), json.object == nil, json.array == nil { [json] } else { [] }
        case .integer, .number, .bool: [.string(self.text)]
        default: []
        }
    }
}
