/// Puts the calls of a chat stream together from their pieces.
///
/// Servers differ: ids come once or with each piece, an index may be missing, skipped, or the same for several calls, names and
/// arguments come whole or in bits.
struct ToolCallAssembler {
    private struct Slot {
        let index: Int
        var id: String
        var name = ""
        var arguments = ""
        /// What the server wants back with the call.
        var extraContent: JSONValue?
    }

    private var slots: [Slot] = []

    var isEmpty: Bool { slots.isEmpty }
    /// Calls that have begun.
    var count: Int { slots.count }

    /// Takes one element of `tool_calls`.
    ///
    /// - Parameter isWhole: whether the element is a call of its own, whatever its index and id; else it may go on with one before it.
    mutating func receive(_ piece: JSONValue, isWhole: Bool = false) throws(ModelError) {
        let function = piece["function"]
        let name = function?["name"]?.string ?? ""
        let index = isWhole ? slots.count : piece["index"]?.integer
        let place = try place(index: index, id: piece["id"]?.string ?? "", isNamed: !name.isEmpty)
        // Some servers repeat the whole name with each piece.
        if slots[place].name != name { slots[place].name += name }
        slots[place].arguments += (function?["arguments"]).arguments
        if let extra = piece["extra_content"], !extra.isNull { slots[place].extraContent = extra }
    }

    /// The calls by index, then by arrival.
    ///
    /// - Parameters:
    ///   - areWhole: whether the provider said that it wrote them to the end; otherwise arguments that are no JSON object were cut off.
    ///   - model: whose signatures they hold.
    func calls(areWhole: Bool, of model: String = "") throws(ModelError) -> [Item.FunctionCall] {
        var calls: [Item.FunctionCall] = []
        for slot in slots.sorted(by: { $0.index < $1.index }) {
            guard !slot.name.isEmpty else { throw .malformed("a call has no name") }
            guard !slot.id.isEmpty else { throw .malformed("a call has no id") }
            if !areWhole, (try? JSONValue(json: slot.arguments))?.object == nil { throw .lengthLimitReached }
            let data: JSONValue? = slot.extraContent.map { ["model": .string(model), "extra_content": $0] }
            calls.append(Item.FunctionCall(callID: slot.id, name: slot.name, arguments: slot.arguments, providerData: data))
        }
        return calls
    }

    /// A piece with a new id and a name begins a call, whatever its index; any other one goes on with the latest call of its index.
    private mutating func place(index: Int?, id: String, isNamed: Bool) throws(ModelError) -> Int {
        if let index, index < 0 { throw .malformed("a call has the index \(index)") }
        let latest = index.map { index in slots.lastIndex { $0.index == index } } ?? slots.indices.last
        guard let latest, id.isEmpty || slots[latest].id.isEmpty || slots[latest].id == id || !isNamed else {
            slots.append(Slot(index: index ?? (slots.last?.index ?? -1) &+ 1, id: id))
            return slots.count - 1
        }
        if slots[latest].id.isEmpty { slots[latest].id = id }
        return latest
    }
}
