/// How a conversation is told to an agent as one message: an introduction, then one numbered line an item between two markers.
///
/// A line that goes on in the next one is indented there, so no text of a person can pass for a marker or for a line of its own.
public struct HandoffHistory: Sendable, Hashable {
    public var introduction: String
    public var startMarker: String
    public var endMarker: String

    public init(
        introduction: String = "For context, here is the conversation so far between the user and the previous agent:",
        startMarker: String = "<CONVERSATION HISTORY>",
        endMarker: String = "</CONVERSATION HISTORY>"
    ) {
        self.introduction = introduction
        self.startMarker = startMarker
        self.endMarker = endMarker
    }

    /// The conversation as an assistant's message.
    public func message(of items: [Item]) -> Item {
        .assistant(text(of: items))
    }

    func text(of items: [Item]) -> String {
        let lines = items.isEmpty ? ["(no previous turns recorded)"] : items.enumerated().map { "\($0 + 1). \(HandoffHistory.line(of: $1))" }
        return ([introduction, startMarker] + lines + [endMarker]).joined(separator: "\n")
    }

    /// The conversation with such messages taken apart again.
    public func flattened(_ items: [Item]) -> [Item] {
        items.flatMap { self.items(in: $0) ?? [$0] }
    }

    private static let indent = "   "

    static func line(of item: Item) -> String {
        let line =
            if case .message(let message) = item {
                message.line
            } else {
                "\(item.json["type"]?.string ?? "item"): \(item.json.removing(["type", "provider_data"]).text)"
            }
        return line.lines.map { String(Substring($0)) }.joined(separator: "\n" + indent)
    }

    /// Nil for anything but a message of this form.
    private func items(in item: Item) -> [Item]? {
        guard case .message(let message) = item, message.role == .assistant else { return nil }
        let lines = message.text.lines
        guard lines.count >= 3, lines.starts(with: [introduction, startMarker], by: { $0.elementsEqual($1.utf8) }),
            lines.last?.elementsEqual(endMarker.utf8) == true
        else { return nil }
        var entries: [[UInt8]] = []
        for line in lines[2..<(lines.count - 1)] {
            let number = "\(entries.count + 1). "
            if line.starts(with: number.utf8) {
                entries.append(Array(line.dropFirst(number.utf8.count)))
            } else if line.starts(with: HandoffHistory.indent.utf8), !entries.isEmpty {
                entries[entries.count - 1].append(UInt8(ascii: "\n"))
                entries[entries.count - 1].append(contentsOf: line.dropFirst(HandoffHistory.indent.utf8.count))
            }
        }
        return entries.map { Item(line: $0) }
    }
}

extension Item.Message {
    fileprivate var line: String {
        let isText = content.allSatisfy { if case .text = $0 { true } else { false } }
        let said = isText ? text : Item.message(self).json["content"]?.text ?? ""
        return said.isEmpty ? role.rawValue : "\(role.rawValue): \(said)"
    }
}

extension Item {
    fileprivate init(line: [UInt8]) {
        let separator = line.firstRange(of: Array(": ".utf8))
        let kind = String(decoding: line[..<(separator?.lowerBound ?? line.endIndex)], as: UTF8.self)
        let rest = String(decoding: line[(separator?.upperBound ?? line.endIndex)...], as: UTF8.self)
        if let role = Role(rawValue: kind) {
            self = .message(Message(role: role, content: [.text(rest)]))
        } else if var members = (try? JSONValue(json: rest))?.object {
            members["type"] = .string(kind)
            self.init(.object(members))
        } else {
            self = .assistant(String(decoding: line, as: UTF8.self))
        }
    }
}

extension String {
    /// By the byte, since a line break can be part of a longer character.
    fileprivate var lines: [Substring.UTF8View] {
        utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    }
}
