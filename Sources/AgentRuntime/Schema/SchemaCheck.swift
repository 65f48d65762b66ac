/// Holds values against a JSON Schema: the keywords of strict mode, and those beside them that need no regular expressions.
struct SchemaCheck {
    let root: JSONValue

    /// Throws at the first mismatch.
    func check(_ value: JSONValue) throws(SchemaMismatch) {
        if let mismatch = mismatch(of: value, with: root, at: "", references: 0) { throw mismatch }
    }

    private func mismatch(of value: JSONValue, with schema: JSONValue, at path: String, references: Int) -> SchemaMismatch? {
        if schema.bool == false { return SchemaMismatch(path: path, sentence: "nothing is allowed here") }
        if let reference = schema["$ref"]?.string {
            guard references < 100, let target = SchemaReference.target(of: reference, in: root) else {
                return SchemaMismatch(path: path, sentence: "the schema's '\(reference)' leads nowhere")
            }
            if let found = mismatch(of: value, with: target, at: path, references: references + 1) { return found }
        }
        return typeMismatch(of: value, with: schema, at: path)
            ?? limitMismatch(of: value, with: schema).map { SchemaMismatch(path: path, sentence: $0) }
            ?? membersMismatch(of: value, with: schema, at: path)
            ?? elementsMismatch(of: value, with: schema, at: path)
            ?? combinationMismatch(of: value, with: schema, at: path, references: references)
    }

    private func typeMismatch(of value: JSONValue, with schema: JSONValue, at path: String) -> SchemaMismatch? {
        let types = schema["type"].map { $0.array ?? [$0] }?.compactMap(\.string)
        if let types, !types.contains(where: value.isOf) {
            return SchemaMismatch(path: path, sentence: "expected \(types.joined(separator: " or ")), got \(value.kind)")
        }
        if let constant = schema["const"], constant != value { return SchemaMismatch(path: path, sentence: "expected \(constant.text)") }
        if let choices = schema["enum"]?.array, !choices.contains(value) {
            return SchemaMismatch(path: path, sentence: "expected one of \(choices.map(\.text).joined(separator: ", "))")
        }
        return nil
    }

    private func limitMismatch(of value: JSONValue, with schema: JSONValue) -> String? {
        if let number = value.double {
            if let least = schema["minimum"]?.double, number < least { return "less than \(least)" }
            if let most = schema["maximum"]?.double, number > most { return "more than \(most)" }
            if let least = schema["exclusiveMinimum"]?.double, number <= least { return "not more than \(least)" }
            if let most = schema["exclusiveMaximum"]?.double, number >= most { return "not less than \(most)" }
            if let step = schema["multipleOf"]?.double, step > 0, (number / step).rounded() * step != number { return "not a multiple of \(step)" }
        }
        if let length = value.string?.unicodeScalars.count { return countMismatch(length, schema, "Length", "characters") }
        if let count = value.array?.count { return countMismatch(count, schema, "Items", "elements") }
        if let count = value.object?.count { return countMismatch(count, schema, "Properties", "members") }
        return nil
    }

    private func countMismatch(_ count: Int, _ schema: JSONValue, _ keyword: String, _ noun: String) -> String? {
        if let least = schema["min" + keyword]?.integer, count < least { return "\(count) \(noun), fewer than \(least)" }
        if let most = schema["max" + keyword]?.integer, count > most { return "\(count) \(noun), more than \(most)" }
        return nil
    }

    private func membersMismatch(of value: JSONValue, with schema: JSONValue, at path: String) -> SchemaMismatch? {
        guard let members = value.object else { return nil }
        if let missing = schema["required"]?.array?.compactMap(\.string).first(where: { members[$0] == nil }) {
            return SchemaMismatch(path: path, sentence: "'\(missing)' is missing")
        }
        for (name, value) in members.sorted(by: { $0.key < $1.key }) {
            let place = "\(path)/\(name)"
            guard let property = schema["properties"]?[name] ?? schema["additionalProperties"] else { continue }
            if property == false { return SchemaMismatch(path: path, sentence: "'\(name)' is not expected") }
            if let found = mismatch(of: value, with: property, at: place, references: 0) { return found }
        }
        return nil
    }

    private func elementsMismatch(of value: JSONValue, with schema: JSONValue, at path: String) -> SchemaMismatch? {
        guard let elements = value.array else { return nil }
        let first = schema["prefixItems"]?.array ?? []
        for (index, element) in elements.enumerated() {
            guard let item = first.indices.contains(index) ? first[index] : schema["items"] else { continue }
            if let found = mismatch(of: element, with: item, at: "\(path)/\(index)", references: 0) { return found }
        }
        return nil
    }

    private func combinationMismatch(of value: JSONValue, with schema: JSONValue, at path: String, references: Int) -> SchemaMismatch? {
        for part in schema["allOf"]?.array ?? [] {
            if let found = mismatch(of: value, with: part, at: path, references: references + 1) { return found }
        }
        for keyword in ["anyOf", "oneOf"] {
            guard let alternatives = schema[keyword]?.array else { continue }
            let fitting = alternatives.filter { mismatch(of: value, with: $0, at: path, references: references + 1) == nil }
            if fitting.isEmpty || (keyword == "oneOf" && fitting.count > 1) {
                return SchemaMismatch(path: path, sentence: "it fits \(fitting.isEmpty ? "none" : "several") of \(alternatives.count) shapes")
            }
        }
        return nil
    }
}

extension JSONValue {
    fileprivate func isOf(_ type: String) -> Bool {
        switch (type, self) {
        case ("null", .null), ("boolean", .bool), ("string", .string), ("array", .array), ("object", .object), ("number", .integer),
            ("number", .number):
            true
        case ("integer", _): integer != nil
        default: false
        }
    }
}
